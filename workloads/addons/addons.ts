import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { WorkloadIdentity } from "../../infra/components/identity/workloadIdentity";
import { chartDigest } from "../chart";
import { ServiceRelease } from "../release";
import {
  namespaceOf,
  type Addon,
  type AddonContext,
  type AddonObject,
  type OwnNamespace,
} from "./addon";
import type { AddonName } from "./names";
import { installOrder } from "./order";

export interface AddonsArgs {
  /** The add-ons to install, in any order. */
  addons: readonly Addon[];
  context: AddonContext;
  clusterName: pulumi.Input<string>;
  /** The directory that holds `workloads/charts`. */
  projectRoot: string;
  /** What every add-on needs: nodes with name resolution and volumes. */
  dependsOn?: readonly pulumi.Resource[];
}

/**
 * The platform's add-ons, one Helm release each, every one after what it depends on: its namespace, its
 * role, and the releases and objects of the add-ons that it names. The options carry the cluster's
 * Kubernetes provider.
 *
 * @throws OperatorError before any resource is registered when an add-on's dependency is missing.
 */
export class Addons extends pulumi.ComponentResource {
  /** What services wait for: everything of every add-on. */
  readonly ready: readonly pulumi.Resource[];
  /** In the order of installation. */
  readonly installed: readonly AddonName[];

  private readonly namespaces = new Map<string, { own: OwnNamespace; resource: pulumi.Resource }>();

  constructor(name: string, args: AddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    const ordered = installOrder(args.addons);
    super("multi-region-eks:addons:Addons", name, {}, opts);
    const installed = new Map<AddonName, readonly pulumi.Resource[]>();
    for (const addon of ordered) {
      const before = addon.dependsOn.flatMap((other) => installed.get(other) ?? []);
      installed.set(addon.name, this.install(name, addon, args, before));
    }

    this.ready = [...installed.values()].flat();
    this.installed = ordered.map((addon) => addon.name);
    this.registerOutputs({ installed: this.installed });
  }

  /** @returns what others wait for: the release and the objects beside it. */
  private install(
    name: string,
    addon: Addon,
    args: AddonsArgs,
    before: readonly pulumi.Resource[],
  ): pulumi.Resource[] {
    const namespace = this.namespace(name, addon, args);
    const identity = this.createIdentity(name, addon, args);
    const release = this.createRelease(name, addon, args, [
      ...(args.dependsOn ?? []),
      ...namespace,
      ...identity,
      ...before,
    ]);
    const objects = this.createObjects(name, addon, args, release);
    return [release, ...objects];
  }

  private namespace(
    name: string,
    { name: addon, namespace: own }: Addon,
    { dependsOn = [] }: AddonsArgs,
  ): pulumi.Resource[] {
    if (typeof own === "string") return [];
    const known = this.namespaces.get(own.name);
    if (known !== undefined) {
      if (isDeepStrictEqual(known.own, own)) return [known.resource];
      throw new Error(`${addon} describes the namespace ${own.name} in another way than before it`);
    }
    const resource = new k8s.core.v1.Namespace(
      `${name}-${own.name}`,
      { metadata: { name: own.name, labels: labelsOf(own) } },
      { parent: this, dependsOn: [...dependsOn] },
    );
    this.namespaces.set(own.name, { own, resource });
    return [resource];
  }

  private createIdentity(
    name: string,
    addon: Addon,
    { context, clusterName }: AddonsArgs,
  ): pulumi.Resource[] {
    const identity = addon.identity?.(context);
    if (identity === undefined) return [];
    const { association } = new WorkloadIdentity(
      `${name}-${addon.name}`,
      {
        roleName: context.names.role(addon.name),
        clusterName,
        namespace: namespaceOf(addon),
        serviceAccount: identity.serviceAccount,
        statements: identity.statements,
        tags: context.tags,
      },
      { parent: this },
    );
    return [association];
  }

  private createRelease(
    name: string,
    addon: Addon,
    { context, projectRoot }: AddonsArgs,
    dependsOn: readonly pulumi.Resource[],
  ): ServiceRelease {
    return new ServiceRelease(
      `${name}-${addon.name}`,
      {
        releaseName: addon.releaseName ?? addon.name,
        namespace: namespaceOf(addon),
        chart: addon.chart,
        values: { ...addon.values(context), ...digestOf(addon, projectRoot) },
        skipCrds: addon.crds.by === "addon",
        timeoutSeconds: addon.timeoutSeconds,
      },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }

  private createObjects(
    name: string,
    addon: Addon,
    { context }: AddonsArgs,
    release: ServiceRelease,
  ): pulumi.Resource[] {
    const created: pulumi.Resource[] = [];
    for (const object of addon.objects?.(context) ?? []) {
      const dependsOn = [release, ...created];
      created.push(
        createObject(`${name}-${objectName(object)}`, object, { parent: this, dependsOn }),
      );
    }
    return created;
  }
}

/** The provider compares a local chart's version and values only, so an edit has to show in the values. */
function digestOf({ chart }: Addon, projectRoot: string): { chartDigest?: string } {
  return "path" in chart ? { chartDigest: chartDigest(join(projectRoot, chart.path)) } : {};
}

function labelsOf({ podSecurity, labels }: OwnNamespace): Record<string, string> {
  return {
    ...labels,
    "pod-security.kubernetes.io/enforce": podSecurity,
    "pod-security.kubernetes.io/audit": podSecurity,
    "pod-security.kubernetes.io/warn": podSecurity,
  };
}

/** ConfigMaps are no custom resource, and the provider knows them better by their own type. */
function createObject(
  name: string,
  object: AddonObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { apiVersion, kind, ...rest } = object;
  return apiVersion === "v1" && kind === "ConfigMap"
    ? new k8s.core.v1.ConfigMap(name, rest, opts)
    : new k8s.apiextensions.CustomResource(name, object, opts);
}

function objectName({ kind, metadata }: AddonObject): string {
  return `${kind.toLowerCase()}-${metadata.name}`;
}
