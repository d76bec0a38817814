import { OperatorError } from "../../infra/config/errors";
import { firstOf, isExecutable, onPath, type Source } from "./find";
import {
  cachedBinary,
  cacheSource,
  goSource,
  pinnedVersion,
  type BuildOptions,
  type GoTool,
} from "./goBuild";
import { run } from "./run";
import { formatVersion, parseVersion } from "./version";

/** The programs of a control plane whose nodes are simulated by kwok. */
export const CONTROL_PLANE = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;
export type ControlPlaneProgram = (typeof CONTROL_PLANE)[number];

/** Absolute path of each program. */
export type ControlPlaneBinaries = Record<ControlPlaneProgram, string>;

function kubernetes(name: ControlPlaneProgram, takes: string): GoTool {
  return {
    name,
    folder: "tools/kubernetes",
    module: "k8s.io/kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    // An API server that says v0.0.0 would be refused by charts that ask for a Kubernetes version.
    versionVariable: "k8s.io/component-base/version.gitVersion",
    versionFlag: "--version",
    takes,
  };
}

const TOOLS: Record<ControlPlaneProgram, GoTool> = {
  etcd: {
    name: "etcd",
    folder: "tools/etcd",
    module: "go.etcd.io/etcd/server/v3",
    package: "go.etcd.io/etcd/server/v3",
    versionVariable: "main.version",
    versionFlag: "--version",
    takes: "half a minute on two cores",
  },
  "kube-apiserver": kubernetes("kube-apiserver", "3 minutes on two cores"),
  "kube-controller-manager": kubernetes("kube-controller-manager", "a minute on two cores"),
  "kube-scheduler": kubernetes("kube-scheduler", "half a minute on two cores"),
  kwok: {
    name: "kwok",
    folder: "tools/kwok",
    module: "sigs.k8s.io/kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    versionVariable: "sigs.k8s.io/kwok/pkg/consts.Version",
    versionFlag: "--version",
    takes: "1 to 2 minutes on two cores",
  },
};

/**
 * The control plane's programs, each from PATH in the pinned minor version, else one built earlier, else
 * built from the Go module that pins it. Prints which.
 *
 * @throws OperatorError when one is not to be had.
 */
export async function findControlPlane(options: BuildOptions): Promise<ControlPlaneBinaries> {
  const found: Partial<ControlPlaneBinaries> = {};
  for (const name of CONTROL_PLANE) {
    const tool = TOOLS[name];
    const sources = [
      pathSource(tool, options),
      cacheSource(tool, options),
      goSource(tool, options),
    ];
    const search = await firstOf(name, sources, options.say);
    if (search.tool === undefined) throw notThere(name, search.refusals);
    found[name] = search.tool.path;
  }
  return found as ControlPlaneBinaries;
}

/** Those of the programs that neither PATH nor an earlier build has, so that a test can say what it misses. */
export function missingPrograms(root: string): ControlPlaneProgram[] {
  return CONTROL_PLANE.filter(
    (name) => onPath(name) === undefined && !isExecutable(cachedBinary(root, name)),
  );
}

function pathSource(tool: GoTool, { root, env }: BuildOptions): Source {
  return {
    name: "PATH",
    async find() {
      const path = onPath(tool.name, env);
      if (path === undefined) return { refused: `no \`${tool.name}\` on PATH` };
      const { stdout } = await run(path, ["--version"], { timeoutMs: 20_000 });
      const version = parseVersion(stdout);
      const wanted = parseVersion(pinnedVersion(root, tool.module, tool.folder));
      if (version?.major !== wanted?.major || version?.minor !== wanted?.minor) {
        return { refused: `${path} is not ${wanted?.major}.${wanted?.minor}: ${stdout.trim()}` };
      }
      return { name: tool.name, path, version: version ? formatVersion(version) : "" };
    },
  };
}

function notThere(name: ControlPlaneProgram, refusals: readonly string[]): OperatorError {
  return new OperatorError({
    key: name,
    value: refusals,
    rule: `--clusters runs real control planes: ${CONTROL_PLANE.join(", ")}`,
    fix: "install Go (https://go.dev/dl/), with which they are built, or run without --clusters",
  });
}
