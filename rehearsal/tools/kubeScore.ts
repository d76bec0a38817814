import { OperatorError } from "../../infra/config/errors";
import { firstOf, onPath, type Tool } from "./find";
import { cacheSource, goSource, type BuildOptions, type GoTool } from "./goBuild";
import { run } from "./run";
import { formatVersion, parseVersion } from "./version";

const KUBE_SCORE: GoTool = {
  name: "kube-score",
  folder: "tools/kube-score",
  module: "github.com/zegl/kube-score",
  package: "github.com/zegl/kube-score/cmd/kube-score",
  versionVariable: "main.version",
  takes: "half a minute on two cores",
};

/**
 * kube-score from PATH, else built from the module that tools/kube-score/go.mod pins. Prints which.
 *
 * @throws OperatorError when there is neither kube-score nor Go.
 */
export async function findKubeScore(options: BuildOptions): Promise<Tool> {
  const fromPath = { name: "PATH", find: () => onPathOf(options) };
  const sources = [fromPath, cacheSource(KUBE_SCORE, options), goSource(KUBE_SCORE, options)];
  const { tool, refusals } = await firstOf("kube-score", sources, options.say);
  if (tool !== undefined) return tool;
  throw new OperatorError({
    key: "kube-score",
    value: refusals,
    rule: "judging manifests needs kube-score, from PATH or built from tools/kube-score/go.mod with Go",
    fix: "install kube-score or Go (https://go.dev/dl/) and run again",
  });
}

async function onPathOf({ env }: BuildOptions) {
  const path = onPath("kube-score", env);
  if (path === undefined) return { refused: "no `kube-score` on PATH" };
  const { stdout } = await run(path, ["version"], { timeoutMs: 20_000 });
  const version = parseVersion(stdout);
  if (version === undefined) return { refused: `${path} states no version: ${stdout.trim()}` };
  return { name: "kube-score", path, version: formatVersion(version) };
}
