import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../tools/run";
import { objectsOf } from "./crds";
import type { KubeObject } from "./api";

/** A release as `kubernetes:helm.sh/v3:Release` describes it. */
export interface ReleaseInputs {
  name: string;
  namespace: string;
  /** A path from the project's root, a name in a repository, or an `oci://` address. */
  chart: string;
  version?: string;
  repositoryOpts?: { repo?: string };
  values?: Record<string, unknown>;
  atomic?: boolean;
  cleanupOnFail?: boolean;
  skipAwait?: boolean;
  skipCrds?: boolean;
  /** Seconds. */
  timeout?: number;
  maxHistory?: number;
}

/** A release as `helm list` shows it. */
export interface ListedRelease {
  name: string;
  namespace: string;
  revision: string;
  /** `deployed`, `failed`, `pending-install`, `pending-upgrade`, `pending-rollback`, … */
  status: string;
}

export interface HelmArgs {
  helm: string;
  kubeconfig: string;
  /** For values files and Helm's caches; the caller removes it. */
  directory: string;
  /** What local charts' paths start from. */
  projectRoot: () => string;
  /** Longest that a release may take, in seconds: fake nodes start pods at once or never. */
  timeoutSeconds: number;
  signal?: AbortSignal;
}

/** What Helm says when it fails. */
export class HelmError extends Error {}

/** Helm 3 on one cluster. */
export class Helm {
  constructor(private readonly args: HelmArgs) {}

  /** The objects that an install or upgrade would apply, hooks included, as the cluster's Helm renders them. */
  async dryRun(inputs: ReleaseInputs): Promise<KubeObject[]> {
    const output = await this.upgrade(inputs, ["--dry-run=server", "--output", "json"]);
    const { manifest, hooks = [] } = JSON.parse(output) as Rendered;
    return [manifest, ...hooks.filter(isNoTest).map((hook) => hook.manifest)].flatMap(objectsOf);
  }

  /**
   * `helm upgrade --install`, waiting and rolling back as the release says.
   *
   * @param interrupt kills it on the way.
   */
  async install(inputs: ReleaseInputs, interrupt?: AbortSignal): Promise<void> {
    const { atomic, cleanupOnFail, skipAwait, timeout, maxHistory } = inputs;
    const { timeoutSeconds } = this.args;
    const flags = [
      ...(skipAwait === true ? [] : ["--wait"]),
      ...(atomic === true ? ["--atomic"] : []),
      ...(cleanupOnFail === true ? ["--cleanup-on-fail"] : []),
      `--timeout=${Math.min(timeout ?? timeoutSeconds, timeoutSeconds)}s`,
      ...(maxHistory === undefined ? [] : [`--history-max=${maxHistory}`]),
    ];
    await this.upgrade(inputs, flags, interrupt);
  }

  async uninstall({ name, namespace }: Pick<ReleaseInputs, "name" | "namespace">): Promise<void> {
    const args = ["uninstall", name, "--namespace", namespace, "--ignore-not-found"];
    await this.run(args);
  }

  /** Goes back to the last revision that was deployed. */
  async rollback({ name, namespace }: Pick<ReleaseInputs, "name" | "namespace">): Promise<void> {
    const args = ["rollback", name, "--namespace", namespace, "--wait", "--cleanup-on-fail"];
    await this.run([...args, `--timeout=${this.args.timeoutSeconds}s`]);
  }

  /** Every release of the cluster, whatever its status. */
  async list(): Promise<ListedRelease[]> {
    const output = await this.run(["list", "--all-namespaces", "--all", "--output", "json"]);
    return JSON.parse(output) as ListedRelease[];
  }

  /** Whether a release has a revision that a rollback can go to. */
  async hasGoodRevision({ name, namespace }: ListedRelease): Promise<boolean> {
    const args = ["history", name, "--namespace", namespace, "--output", "json"];
    const revisions = JSON.parse(await this.run(args)) as { status: string }[];
    return revisions.some(({ status }) => status === "deployed" || status === "superseded");
  }

  private async upgrade(
    inputs: ReleaseInputs,
    flags: readonly string[],
    interrupt?: AbortSignal,
  ): Promise<string> {
    const { name, namespace, chart, values = {}, skipCrds } = inputs;
    const folder = mkdtempSync(join(this.args.directory, "values-"));
    try {
      const file = join(folder, "values.json");
      writeFileSync(file, JSON.stringify(values));
      const where = isLocal(chart) ? join(this.args.projectRoot(), chart) : chart;
      const args = [
        ...["upgrade", "--install", name, where, "--namespace", namespace, "--values", file],
        ...(skipCrds === true ? ["--skip-crds"] : []),
        ...flags,
      ];
      return await this.run(args, interrupt);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async run(args: readonly string[], interrupt?: AbortSignal): Promise<string> {
    const { helm, kubeconfig, directory } = this.args;
    const signals = [this.args.signal, interrupt].filter((each) => each !== undefined);
    const signal = AbortSignal.any(signals);
    const env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      HELM_CACHE_HOME: join(directory, "helm-cache"),
      HELM_CONFIG_HOME: join(directory, "helm-config"),
      HELM_DATA_HOME: join(directory, "helm-data"),
      KUBECACHEDIR: join(directory, "kube-cache"),
    };
    const { code, stdout, stderr } = await run(helm, args, {
      env,
      signal,
      // As a runner that dies: at SIGTERM Helm would still write down that the release failed.
      killSignal: "SIGKILL",
    });
    signal.throwIfAborted();
    if (code !== 0) throw new HelmError(stderr.trim().replace(/^Error: /, ""));
    return stdout;
  }
}

/** A chart in the checkout, by the leading `./` of its path. */
export function isLocal(chart: string): boolean {
  return chart.startsWith("./");
}

interface Rendered {
  manifest: string;
  hooks?: { manifest: string; events?: string[] }[];
}

function isNoTest({ events = [] }: { events?: string[] }): boolean {
  return !events.includes("test");
}
