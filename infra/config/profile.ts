import type { AddonName } from "../../workloads/addons/names";
import type { Environment } from "./stackName";
import type { RegionalConfig } from "./stackSchemas";

export interface NodePoolLimits {
  cpu: number;
  memoryGiB: number;
  gpu?: number;
}

export type AddonSwitches = Partial<Record<AddonName, { enabled: boolean }>>;

export type Delivery = "pulumi" | "argocd";

/**
 * Sizes, redundancy and protection of one environment. Environments differ in these figures only,
 * never in code; a stack file may override some of them (see the regional schema).
 */
export interface Profile {
  network: {
    /** `per-zone`: a NAT gateway in each zone; `single`: one per region, cheaper, a zone's loss stops egress. */
    nat: "per-zone" | "single";
    /** Interface endpoints, so that nodes reach AWS APIs without NAT. The S3 gateway endpoint is always there. */
    interfaceEndpoints: boolean;
  };
  /** Days that flow logs, control-plane logs and the like are kept. */
  logRetentionDays: 7 | 30 | 365;
  cluster: {
    /** Nodes for the cluster's own pods; Karpenter adds the rest. */
    systemNodes: { instanceTypes: string[]; min: number; max: number };
  };
  database: {
    instanceClass: string;
    /** Instances in the region's Aurora cluster; two or more span zones. */
    instances: number;
    backupRetentionDays: number;
    /** RDS Proxy for connection pooling of readers; of no use with one instance, which has no reader. */
    proxy: boolean;
  };
  cache: {
    nodeType: string;
    /** Replicas beside the primary; one or more makes it multi-AZ. */
    replicas: number;
    snapshotRetentionDays: number;
  };
  backup: {
    /** AWS Backup plan for the database and the data bucket. */
    enabled: boolean;
    retentionDays: number;
  };
  nodePools: {
    /** What Karpenter may buy for any of its pools; spot where a pod may be moved at two minutes' notice. */
    capacityTypes: ("on-demand" | "spot")[];
    /** Most that each pool may grow to at capacity 1. `gpu` counts NVIDIA GPUs. */
    limits: {
      general: NodePoolLimits;
      media: NodePoolLimits;
      gpu: NodePoolLimits;
    };
  };
  /** Add-ons that the environment turns off; one that is not named is on. */
  addons: AddonSwitches;
  /** Who installs the services: Pulumi, a Helm release each, or Argo CD, an Application each. */
  delivery: Delivery;
  /** Deletion protection, final snapshots, Pulumi's `protect`; off only where everything is rebuildable. */
  deletionProtection: boolean;
}

export const PROFILES: Record<Environment, Profile> = {
  production: {
    network: { nat: "per-zone", interfaceEndpoints: true },
    logRetentionDays: 365,
    cluster: { systemNodes: { instanceTypes: ["m7g.large"], min: 3, max: 6 } },
    database: { instanceClass: "db.r6g.large", instances: 2, backupRetentionDays: 14, proxy: true },
    cache: { nodeType: "cache.r7g.large", replicas: 1, snapshotRetentionDays: 7 },
    backup: { enabled: true, retentionDays: 35 },
    nodePools: {
      capacityTypes: ["on-demand"],
      limits: {
        general: { cpu: 400, memoryGiB: 1600 },
        media: { cpu: 160, memoryGiB: 640 },
        gpu: { cpu: 192, memoryGiB: 768, gpu: 24 },
      },
    },
    addons: {},
    delivery: "pulumi",
    deletionProtection: true,
  },
  staging: {
    network: { nat: "single", interfaceEndpoints: false },
    logRetentionDays: 30,
    cluster: { systemNodes: { instanceTypes: ["m7g.large"], min: 2, max: 4 } },
    database: { instanceClass: "db.r6g.large", instances: 1, backupRetentionDays: 3, proxy: false },
    cache: { nodeType: "cache.t4g.small", replicas: 1, snapshotRetentionDays: 1 },
    backup: { enabled: false, retentionDays: 7 },
    nodePools: {
      capacityTypes: ["spot", "on-demand"],
      limits: {
        general: { cpu: 100, memoryGiB: 400 },
        media: { cpu: 40, memoryGiB: 160 },
        gpu: { cpu: 32, memoryGiB: 128, gpu: 4 },
      },
    },
    addons: {},
    delivery: "pulumi",
    deletionProtection: true,
  },
  development: {
    network: { nat: "single", interfaceEndpoints: false },
    logRetentionDays: 7,
    cluster: { systemNodes: { instanceTypes: ["t4g.large"], min: 2, max: 3 } },
    database: { instanceClass: "db.r6g.large", instances: 1, backupRetentionDays: 1, proxy: false },
    cache: { nodeType: "cache.t4g.micro", replicas: 0, snapshotRetentionDays: 0 },
    backup: { enabled: false, retentionDays: 7 },
    nodePools: {
      capacityTypes: ["spot", "on-demand"],
      limits: {
        general: { cpu: 40, memoryGiB: 160 },
        media: { cpu: 16, memoryGiB: 64 },
        gpu: { cpu: 16, memoryGiB: 64, gpu: 2 },
      },
    },
    addons: {
      "vertical-pod-autoscaler": { enabled: false },
      // Logs and traces, billed by volume.
      "aws-for-fluent-bit": { enabled: false },
      "opentelemetry-collector": { enabled: false },
    },
    delivery: "pulumi",
    deletionProtection: false,
  },
};

/** The environment's profile with a region's own figures in place of the environment's. */
export function profileOf(environment: Environment, config: RegionalConfig): Profile {
  const profile = PROFILES[environment];
  const { database, network, cluster, cache, backup } = config;
  return {
    ...profile,
    network: {
      nat: network?.nat ?? profile.network.nat,
      interfaceEndpoints: network?.interfaceEndpoints ?? profile.network.interfaceEndpoints,
    },
    cluster: { systemNodes: cluster.systemNodes ?? profile.cluster.systemNodes },
    database: {
      ...profile.database,
      instanceClass: database.instanceClass ?? profile.database.instanceClass,
      instances: database.instances ?? profile.database.instances,
      proxy: database.proxy ?? profile.database.proxy,
    },
    cache: { ...profile.cache, nodeType: cache?.nodeType ?? profile.cache.nodeType },
    addons: { ...profile.addons, ...config.addons },
    delivery: config.delivery ?? profile.delivery,
    backup: { ...profile.backup, enabled: backup?.enabled ?? profile.backup.enabled },
    deletionProtection: config.deletionProtection ?? profile.deletionProtection,
  };
}
