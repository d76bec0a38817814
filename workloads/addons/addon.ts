import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../../infra/components/identity/policy";
import type { Fleet } from "../../infra/config/fleet";
import type { RegionNames } from "../../infra/config/names";
import type { Profile } from "../../infra/config/profile";
import type { Values } from "../layers";
import type { LocalChart, RepositoryChart } from "../release";
import type { AddonName } from "./names";

/** What the add-ons of a region may know: config, and what the stack's other parts answered. */
export interface AddonContext {
  fleet: Fleet;
  region: string;
  names: RegionNames;
  profile: Profile;
  /** Factor on node limits (stack file). */
  capacity: number;
  accountId: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  /** The security group that EKS makes; every node is in it. */
  clusterSecurityGroupId: pulumi.Input<string>;
  /** Role of every node, Karpenter's as well. */
  nodeRole: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  /** SQS queue of EC2's warnings, which Karpenter reads; there where Karpenter is. */
  interruptionQueue?: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  /** Target groups of the region's load balancer: their ARNs. */
  targetGroups: { https: pulumi.Input<string>; http: pulumi.Input<string> };
  /** The services' queues, by service. */
  queues: Readonly<Record<string, { arn: pulumi.Input<string> }>>;
  /** The region's bucket for metrics blocks, and the key of its objects. */
  metricsBucket: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  storageKeyArn: pulumi.Input<string>;
  /** Target groups of the region's metrics entry, where the global region asks; there where it does. */
  metricsEntry?: { grpc: pulumi.Input<string>; http: pulumi.Input<string> };
  /** Log group of what containers write. */
  podLogs: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  tags: Record<string, string>;
}

/** Levels of the Pod Security Standards, as the namespace's `enforce` label has them. */
export type PodSecurity = "privileged" | "baseline" | "restricted";

/** A namespace of the add-on's own; more than one add-on may share one and must then describe it alike. */
export interface OwnNamespace {
  name: string;
  podSecurity: PodSecurity;
  /** Why no stricter level will do; for `restricted` there is nothing to explain. */
  podSecurityReason?: string;
  /** Further labels, such as the mesh's. */
  labels?: Readonly<Record<string, string>>;
}

/** `kube-system` is there already, and EKS's own pods need it without a Pod Security level. */
export type AddonNamespace = "kube-system" | OwnNamespace;

/** How the CRDs that an add-on's controller works on are raised with it. Helm never upgrades `crds/`. */
export type CrdOwnership =
  /** It has none. */
  | { by: "none" }
  /** The chart's templates render them, so that an upgrade upgrades them; `value` turns that on. */
  | { by: "templates"; value?: string }
  /** Another add-on's release; this one is installed without the chart's `crds/`. */
  | { by: "addon"; addon: AddonName }
  /** A job of the chart applies them; `value` turns that on where the chart does more than that. */
  | { by: "job"; value?: string };

/** A Kubernetes object beside the release, applied when the release is up. */
export interface AddonObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  /** Everything else: `spec` of most kinds. */
  [field: string]: unknown;
}

/** AWS permissions of the add-on's pods, by EKS Pod Identity. */
export interface AddonIdentity {
  serviceAccount: string;
  /** Each with the narrowest resources that AWS supports for its actions. */
  statements: PolicyStatement[];
}

/** One add-on: a pinned chart, what it is told, what comes before it. One file each, in this folder. */
export interface Addon {
  name: AddonName;
  namespace: AddonNamespace;
  chart: RepositoryChart | LocalChart;
  /** Name of the Helm release; the add-on's own when left out. */
  releaseName?: string;
  crds: CrdOwnership;
  /** Regions that have it; every one when left out. Nothing that is everywhere may depend on it. */
  installedIn?: (where: Pick<AddonContext, "fleet" | "region">) => boolean;
  /** Add-ons that are up before this one starts. */
  dependsOn: readonly AddonName[];
  /** Values over the chart's own, the defaults left out. Never a secret. */
  values: (context: AddonContext) => Values;
  identity?: (context: AddonContext) => AddonIdentity;
  /** Objects of kinds that the release brings, each applied after those before it and deleted before them. */
  objects?: (context: AddonContext) => AddonObject[];
  /** Seconds until Helm gives up; default that of every release. */
  timeoutSeconds?: number;
}

/** Name of the namespace that an add-on is installed in. */
export function namespaceOf({ namespace }: Pick<Addon, "namespace">): string {
  return typeof namespace === "string" ? namespace : namespace.name;
}
