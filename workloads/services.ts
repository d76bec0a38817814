import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ARGO_CD_NAMESPACE } from "./addons/argoCd";
import { waitFor } from "./addons/kubernetesObjects";
import { applicationOf, type GitSource } from "./application";
import { SERVICES_NAMESPACE } from "./catalogue";
import { SERVICE_CHART } from "./chart";
import { plainValues } from "./layers";
import { ServiceRelease } from "./release";
import { wireReleases } from "./releasePlan";
import type { LayeredRelease, PlannedRelease } from "./releasePlan";
import type { Wiring } from "./wiring";

export interface ServicesArgs {
  /** Read and checked before any resource is registered, by `readReleases`. */
  releases: readonly LayeredRelease[];
  wiring: Wiring;
  /** Argo CD's Applications in place of Helm releases, reading the charts and layers from here. */
  argoCd?: GitSource;
}

/** Labels of our namespace: a sidecar in every pod, and no pod below the restricted standard. */
const NAMESPACE_LABELS = {
  // Works with the restricted standard because istio-cni, not an init container, sets up the pod's network.
  "istio-injection": "enabled",
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

/**
 * Every service of ours that runs in the region, one Helm release of the shared chart each (or one Argo
 * CD Application of the same), in one namespace. The options carry the cluster's Kubernetes provider
 * and, as `dependsOn`, what pods need before they start: nodes, webhooks, the service accounts' roles.
 */
export class Services extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** Names of the services that run here, in the catalogue's order. */
  readonly running: readonly string[];

  constructor(name: string, args: ServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:workloads:Services", name, {}, opts);
    const planned = wireReleases(args.releases, args.wiring);
    const namespace = this.createNamespace(name, opts?.dependsOn);
    for (const release of planned) {
      if (args.argoCd === undefined) this.createRelease(name, release, namespace);
      else this.createApplication(name, release, namespace, args.argoCd);
    }

    this.namespace = namespace.metadata.name;
    this.running = planned.map(({ service }) => service.name);
    this.registerOutputs({ namespace: this.namespace, running: this.running });
  }

  /** Waits for what the services need; each of them waits for it. */
  private createNamespace(
    name: string,
    dependsOn: pulumi.ResourceOptions["dependsOn"],
  ): k8s.core.v1.Namespace {
    return new k8s.core.v1.Namespace(
      name,
      { metadata: { name: SERVICES_NAMESPACE, labels: NAMESPACE_LABELS } },
      { parent: this, dependsOn },
    );
  }

  private createRelease(
    name: string,
    { service, values }: PlannedRelease,
    namespace: k8s.core.v1.Namespace,
  ): ServiceRelease {
    return new ServiceRelease(
      `${name}-${service.name}`,
      {
        releaseName: service.name,
        namespace: namespace.metadata.name,
        chart: { path: SERVICE_CHART },
        values: plainValues(values),
      },
      { parent: this, dependsOn: [namespace] },
    );
  }

  private createApplication(
    name: string,
    release: PlannedRelease,
    namespace: k8s.core.v1.Namespace,
    source: GitSource,
  ): void {
    const application = applicationOf(release, ARGO_CD_NAMESPACE, source);
    // Not ready before Argo CD has synced it and its objects are healthy, as a release is awaited.
    const annotations = waitFor(
      "jsonpath={.status.sync.status}=Synced",
      "jsonpath={.status.health.status}=Healthy",
    );
    new k8s.apiextensions.CustomResource(
      `${name}-${release.service.name}`,
      { ...application, metadata: { ...application.metadata, annotations } },
      { parent: this, dependsOn: [namespace] },
    );
  }
}
