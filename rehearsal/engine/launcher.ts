import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { isExecutable, type Refusal, type Source, type Tool } from "../tools/find";
import type { BuildOptions } from "../tools/goBuild";
import { run } from "../tools/run";

/** Where the launcher's install script is; reached before a download is tried. */
const INSTALLER = "https://get.pulumi.com/install.sh";
const REACH_MS = 10_000;
/** A download that has not ended by then is given up. */
const DOWNLOAD_MS = 180_000;

/**
 * The CLI that the `pulumi` npm package downloads into PULUMI_HOME/versions, once per version. The
 * attempt is bounded: ten seconds to reach the site, three minutes for the download.
 */
export function launcherSource(options: BuildOptions): Source {
  return { name: "npm launcher", find: () => launch(options) };
}

async function launch({
  root,
  say,
  env = process.env,
  signal,
}: BuildOptions): Promise<Omit<Tool, "source"> | Refusal> {
  const launcher = join(root, "node_modules", "pulumi", "run.js");
  if (!existsSync(launcher)) return { refused: "the npm package `pulumi` is not installed" };
  const path = launchedBinary(env);
  const tool = { name: "pulumi", path, version: sdkVersion };
  if (isExecutable(path)) return tool;

  say(
    `trying to download the Pulumi CLI ${sdkVersion} from get.pulumi.com (gives up after ${DOWNLOAD_MS / 60_000} min)`,
  );
  const unreachable = await reach(INSTALLER);
  if (unreachable !== undefined) return { refused: `${INSTALLER} is out of reach: ${unreachable}` };

  const wanted = { ...env, PULUMI_VERSION: sdkVersion, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await run(process.execPath, [launcher, "version"], {
    env: wanted,
    timeoutMs: DOWNLOAD_MS,
    signal,
  });
  if (result.timedOut)
    return { refused: `the download took more than ${DOWNLOAD_MS / 60_000} minutes` };
  if (result.code !== 0 || !isExecutable(path)) {
    const said = (result.stderr + result.stdout).trim().split("\n").slice(-2).join(" / ");
    return { refused: `the download failed: ${said.slice(-300)}` };
  }
  return tool;
}

/** Where the launcher keeps the CLI of the SDK's version (pulumi/lib/cache.js). */
function launchedBinary(env: NodeJS.ProcessEnv): string {
  const home = env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const file = process.platform === "win32" ? "pulumi.exe" : "pulumi";
  return join(home, "versions", sdkVersion, "bin", file);
}

/** Why a URL gives no answer, or undefined when it does. */
async function reach(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(REACH_MS) });
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message || cause.name : String(cause);
  }
}
