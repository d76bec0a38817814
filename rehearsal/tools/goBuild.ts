import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isExecutable, onPath, type Refusal, type Source, type Tool } from "./find";
import { run } from "./run";
import { parseVersion } from "./version";

/** A tool that is built from a Go module pinned in a go.mod under tools. */
export interface GoTool {
  name: string;
  /** Folder of the go.mod that pins it, default `tools`; one of its own where dependencies clash. */
  folder?: string;
  /** The module, as go.mod names it. */
  module: string;
  /** The package of the command inside the module. */
  package: string;
  /** The string variable that the linker sets to the version. */
  versionVariable: string;
  /** How the program is asked for its version, default `version`. */
  versionFlag?: string;
  /** How long a first build takes on two cores, for the progress line. */
  takes: string;
}

export interface BuildOptions {
  /** Root of the checkout; tools/go.mod and .cache/tools/bin stand under it. */
  root: string;
  say: (line: string) => void;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

const PROGRESS_MS = 20_000;

/** Where built tools are kept. */
export function cachedBinary(root: string, name: string): string {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  return join(root, ".cache", "tools", "bin", file);
}

/**
 * The version of a module that the folder's go.mod pins, such as `v3.255.0`.
 *
 * @throws Error when go.mod does not require the module: the checkout is broken.
 */
export function pinnedVersion(root: string, module: string, folder = "tools"): string {
  const goMod = readFileSync(join(root, folder, "go.mod"), "utf8");
  const line = goMod
    .split("\n")
    .map((each) => each.trim().replace(/^require /, ""))
    .find((each) => each.startsWith(`${module} v`));
  const version = line?.split(/\s+/)[1];
  if (version === undefined) throw new Error(`${folder}/go.mod does not require ${module}`);
  return version;
}

/** A binary that an earlier run built from the module version that is pinned now. */
export function cacheSource(tool: GoTool, { root }: Pick<BuildOptions, "root">): Source {
  return {
    name: "built earlier",
    async find() {
      const path = cachedBinary(root, tool.name);
      if (!isExecutable(path)) return { refused: `no ${path}` };
      const { stdout } = await run(path, [tool.versionFlag ?? "version"], { timeoutMs: 20_000 });
      const [built, pinned] = [stdout, pinnedVersion(root, tool.module, tool.folder)].map((text) =>
        JSON.stringify(parseVersion(text)),
      );
      if (built !== pinned) return { refused: `${path} was built from another version` };
      return found(tool, root, path);
    },
  };
}

/** Builds the tool into the cache; minutes the first time, seconds with Go's own cache warm. */
export function goSource(tool: GoTool, options: BuildOptions): Source {
  return { name: "go build", find: () => build(tool, options) };
}

async function build(tool: GoTool, options: BuildOptions): Promise<Omit<Tool, "source"> | Refusal> {
  const { root, say, env = process.env, signal } = options;
  const { folder = "tools" } = tool;
  const go = onPath("go", env);
  if (go === undefined) return { refused: "no `go` on PATH" };

  const version = pinnedVersion(root, tool.module, tool.folder);
  const path = cachedBinary(root, tool.name);
  // Built beside and renamed, so that an interrupted or parallel build never leaves half a binary.
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  say(`building ${tool.name} ${version} with go from ${folder}/go.mod; ${tool.takes}, once`);

  const started = Date.now();
  const progress = setInterval(
    () => say(`  still building ${tool.name}, ${Math.round((Date.now() - started) / 1000)} s`),
    PROGRESS_MS,
  );
  try {
    const flags = `-s -w -X ${tool.versionVariable}=${version}`;
    const args = ["build", "-trimpath", "-ldflags", flags, "-o", temporary, tool.package];
    const { code, stderr } = await run(go, args, { cwd: join(root, folder), env, signal });
    if (code !== 0) return { refused: `go build failed: ${lastLines(stderr)}` };
    renameSync(temporary, path);
    return found(tool, root, path);
  } finally {
    clearInterval(progress);
    rmSync(temporary, { force: true });
  }
}

function found(tool: GoTool, root: string, path: string): Omit<Tool, "source"> {
  const version = pinnedVersion(root, tool.module, tool.folder).replace(/^v/, "");
  return { name: tool.name, path, version };
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join(" / ").slice(-400) || "no message";
}
