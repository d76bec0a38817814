import { version as sdkVersion } from "@pulumi/pulumi/version";
import {
  firstOf,
  isExecutable,
  onPath,
  type Refusal,
  type Search,
  type Source,
  type Tool,
} from "../tools/find";
import { cacheSource, goSource, type BuildOptions, type GoTool } from "../tools/goBuild";
import { run } from "../tools/run";
import { formatVersion, parseVersion, tooFar } from "../tools/version";
import { launcherSource } from "./launcher";

/** Which Pulumi CLI to use; the first that is there when left out. */
export const ENGINE_CHOICES = ["path", "launcher", "go", "mock"] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

const PULUMI: GoTool = {
  name: "pulumi",
  module: "github.com/pulumi/pulumi/pkg/v3",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
  takes: "3 to 4 minutes on two cores",
};

/** The two ways to mend a machine on which {@link findEngine} finds nothing. */
export const ENGINE_REMEDIES = [
  "install the Pulumi CLI (https://www.pulumi.com/docs/iac/download-install/), or set PULUMI_CLI to one",
  "install Go (https://go.dev/dl/): the CLI is then built from tools/go.mod, which needs only a Go module proxy",
] as const;

/**
 * The Pulumi CLI, which holds the engine: from PULUMI_CLI or PATH, else one that was built earlier,
 * else the npm launcher's (it downloads, within a time limit), else built with Go. Prints the choice.
 */
export function findEngine(options: BuildOptions, choice?: EngineChoice): Promise<Search> {
  const built = cacheSource(PULUMI, options);
  const sources: Record<EngineChoice, Source[]> = {
    path: [variableSource(options), pathSource(options)],
    launcher: [launcherSource(options)],
    go: [built, goSource(PULUMI, options)],
    mock: [],
  };
  const order =
    choice === undefined
      ? [...sources.path, built, ...sources.launcher, goSource(PULUMI, options)]
      : sources[choice];
  return firstOf("Pulumi CLI", order, options.say);
}

function variableSource({ env = process.env }: BuildOptions): Source {
  return {
    name: "PULUMI_CLI",
    async find() {
      const path = env.PULUMI_CLI;
      if (path === undefined || path === "") return { refused: "not set" };
      if (!isExecutable(path)) return { refused: `${path} is no executable file` };
      return describe(path);
    },
  };
}

function pathSource({ env }: BuildOptions): Source {
  return {
    name: "PATH",
    async find() {
      const path = onPath("pulumi", env);
      return path === undefined ? { refused: "no `pulumi` on PATH" } : describe(path);
    },
  };
}

/** The CLI at a path, unless its version is too far from the SDK's. */
export async function describe(path: string): Promise<Omit<Tool, "source"> | Refusal> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout, stderr } = await run(path, ["version"], { env, timeoutMs: 20_000 });
  const found = parseVersion(stdout);
  const wanted = parseVersion(sdkVersion);
  if (found === undefined || wanted === undefined) {
    return { refused: `${path} states no version: ${(stdout + stderr).trim().slice(0, 200)}` };
  }
  const why = tooFar(found, wanted);
  if (why !== undefined) return { refused: `${path} ${why}; the SDK is ${formatVersion(wanted)}` };
  return { name: "pulumi", path, version: formatVersion(found) };
}
