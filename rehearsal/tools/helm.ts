import { OperatorError } from "../../infra/config/errors";
import { firstOf, onPath, type Source, type Tool } from "./find";
import { cacheSource, goSource, pinnedVersion, type BuildOptions, type GoTool } from "./goBuild";
import { run } from "./run";
import { formatVersion, parseVersion } from "./version";

const HELM: GoTool = {
  name: "helm",
  module: "helm.sh/helm/v3",
  package: "helm.sh/helm/v3/cmd/helm",
  versionVariable: "helm.sh/helm/v3/internal/version.version",
  takes: "about a minute on two cores",
};

/**
 * Helm 3 from PATH, else built from the module that tools/go.mod pins. Prints which.
 *
 * @throws OperatorError when there is neither Helm nor Go.
 */
export async function findHelm(options: BuildOptions): Promise<Tool> {
  const sources = [pathSource(options), cacheSource(HELM, options), goSource(HELM, options)];
  const { tool, refusals } = await firstOf("helm", sources, options.say);
  if (tool !== undefined) return tool;
  throw new OperatorError({
    key: "helm",
    value: refusals,
    rule: "rendering manifests needs Helm 3, from PATH or built from tools/go.mod with Go",
    fix: "install Helm 3 (https://helm.sh/docs/intro/install/) or Go (https://go.dev/dl/) and run again",
  });
}

function pathSource({ root, env }: BuildOptions): Source {
  return {
    name: "PATH",
    async find() {
      const path = onPath("helm", env);
      if (path === undefined) return { refused: "no `helm` on PATH" };
      const { stdout } = await run(path, ["version", "--short"], { timeoutMs: 20_000 });
      const version = parseVersion(stdout);
      const wanted = parseVersion(pinnedVersion(root, HELM.module));
      if (version === undefined || version.major !== wanted?.major) {
        return { refused: `${path} is not Helm ${wanted?.major ?? 3}: ${stdout.trim()}` };
      }
      return { name: "helm", path, version: formatVersion(version) };
    },
  };
}
