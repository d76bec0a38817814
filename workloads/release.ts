import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** A chart in the checkout. Its files' digest belongs into the values (see chart.ts). */
export interface LocalChart {
  /** Path from the project's root, with a leading `./`. */
  path: string;
}

/** A chart of somebody else's, pinned. */
export interface RepositoryChart {
  /** The chart's name in the repository, or its whole `oci://` address. */
  chart: string;
  /** Exact version; a range would change what a preview installs. */
  version: string;
  /** URL of a classic chart repository; left out for `oci://` charts. */
  repository?: string;
}

export interface ServiceReleaseArgs {
  /** Name of the Helm release; set, because Pulumi would append random letters. */
  releaseName: string;
  namespace: pulumi.Input<string>;
  chart: LocalChart | RepositoryChart;
  /**
   * Values with the semantics of `-f`: a null removes the chart's default (kept by the provider
   * since 4.30, pulumi-kubernetes#4293). Never a secret.
   */
  values: pulumi.Input<Record<string, unknown>>;
  /** Leaves the chart's `crds/` out: another release installs and upgrades them. Default false. */
  skipCrds?: boolean;
  /** Seconds until Helm gives up and rolls back; default {@link RELEASE_TIMEOUT_SECONDS}. */
  timeoutSeconds?: number;
}

/** Long enough for Karpenter to bring nodes and for a large Deployment to roll in steps. */
export const RELEASE_TIMEOUT_SECONDS = 900;

/** Revisions that `helm rollback` can go back to; each is a Secret in the namespace. */
const HISTORY = 5;

/** One Helm release that is either wholly installed or rolled back, and is waited for. */
export class ServiceRelease extends pulumi.ComponentResource {
  readonly releaseName: pulumi.Output<string>;
  /** Helm's status, `deployed` when all is well. */
  readonly status: pulumi.Output<string>;

  constructor(name: string, args: ServiceReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:workloads:ServiceRelease", name, {}, opts);
    const release = this.createRelease(name, args, opts?.dependsOn);

    this.releaseName = release.name;
    this.status = release.status.status;
    this.registerOutputs({ releaseName: this.releaseName, status: this.status });
  }

  private createRelease(
    name: string,
    args: ServiceReleaseArgs,
    dependsOn: pulumi.ResourceOptions["dependsOn"],
  ): k8s.helm.v3.Release {
    return new k8s.helm.v3.Release(
      name,
      {
        ...chartArgs(args.chart),
        name: args.releaseName,
        namespace: args.namespace,
        values: args.values,
        skipCrds: args.skipCrds || undefined,
        // A failed or cancelled upgrade rolls back instead of leaving a half release in the way.
        atomic: true,
        cleanupOnFail: true,
        skipAwait: false,
        timeout: args.timeoutSeconds ?? RELEASE_TIMEOUT_SECONDS,
        maxHistory: HISTORY,
      },
      // On the release itself and not only on this component, so that the state says why it waits.
      { parent: this, dependsOn },
    );
  }
}

function chartArgs(
  chart: LocalChart | RepositoryChart,
): Pick<k8s.helm.v3.ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
  if ("path" in chart) return { chart: chart.path };
  const { repository: repo } = chart;
  return {
    chart: chart.chart,
    version: chart.version,
    repositoryOpts: repo === undefined ? undefined : { repo },
  };
}
