import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { OperatorError } from "../infra/config/errors";
import { onPath } from "./tools/find";

/** Providers that may run for real, over the aws double. */
export const REAL_PROVIDERS = ["awsx", "eks", "kubernetes"] as const;
export type RealProvider = (typeof REAL_PROVIDERS)[number];

/**
 * Makes sure that the plugins of these providers are on PATH or in PULUMI_HOME, in the version of the
 * installed SDKs.
 *
 * @throws OperatorError naming the plugin that is not there.
 */
export function demandPlugins(
  root: string,
  providers: readonly RealProvider[],
  env: NodeJS.ProcessEnv = process.env,
): void {
  const home = env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  for (const provider of providers) {
    const file = `pulumi-resource-${provider}`;
    const version = installedVersion(root, provider);
    const installed = join(home, "plugins", `resource-${provider}-v${version}`, file);
    if (onPath(file, env) !== undefined || existsSync(installed)) continue;
    throw new OperatorError({
      key: "--real",
      value: provider,
      rule: `a provider runs for real only where its plugin is: ${file} on PATH, or ${installed}`,
      fix: `run \`pulumi plugin install resource ${provider} ${version}\`, or leave ${provider} out of --real`,
    });
  }
}

function installedVersion(root: string, provider: string): string {
  const manifest = join(root, "node_modules", "@pulumi", provider, "package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return version;
}
