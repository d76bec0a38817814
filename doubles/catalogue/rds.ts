import type { Thing } from "../cloud";
import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, number, type Props, text } from "../values";
import { validClass, validEngine } from "./auroraEngines";
import { parameterGroup, subnetGroup } from "./dataGroups";
import { ROLE } from "./iam";
import { withKey } from "./kms";
import { SECURITY_GROUP } from "./vpc";

const GLOBAL_CLUSTER = "aws:rds/globalCluster:GlobalCluster";
export const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
const DB_SUBNETS = "aws:rds/subnetGroup:SubnetGroup";

function validIdentifier(inputs: Props, property: string): void {
  const name = text(inputs, property);
  if (name === undefined) return;
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name) || name.includes("--") || name.endsWith("-")) {
    refuse(
      `${property} "${name}": 1 to 63 lower-case letters, digits, single hyphens; begins with a letter`,
      property,
    );
  }
}

/** Member clusters of a global cluster, the writer first. */
export function membersOf({ cloud }: Pick<Call, "cloud">, global: string): Thing[] {
  return cloud
    .all(CLUSTER)
    .filter(
      (cluster) =>
        (cluster.state.globalClusterIdentifier ?? cluster.inputs.globalClusterIdentifier) ===
        global,
    )
    .sort((a, b) => Number(isWriter(b)) - Number(isWriter(a)));
}

function isWriter(cluster: Thing): boolean {
  return cluster.state.globalRole === "primary";
}

function validCluster(inputs: Props): void {
  validIdentifier(inputs, "clusterIdentifier");
  validEngine(inputs);
  const days = number(inputs, "backupRetentionPeriod");
  if (days !== undefined && (days < 1 || days > 35)) {
    refuse(`backupRetentionPeriod is 1 to 35 days, not ${days}`, "backupRetentionPeriod");
  }
  if (flag(inputs, "manageMasterUserPassword")) {
    if (at(inputs, "masterPassword").length > 0) {
      refuse("manageMasterUserPassword conflicts with masterPassword", "manageMasterUserPassword");
    }
    if (at(inputs, "globalClusterIdentifier").length > 0) {
      refuse(
        "manageMasterUserPassword: RDS does not manage the password of a member of a global cluster",
        "manageMasterUserPassword",
      );
    }
  }
  if (at(inputs, "replicationSourceIdentifier").length > 0) {
    for (const key of ["masterUsername", "masterPassword", "databaseName"]) {
      if (at(inputs, key).length > 0) refuse(`a replica cluster has no ${key} of its own`, key);
    }
  }
  const password = text(inputs, "masterPassword");
  if (password !== undefined && password.length < 8) {
    refuse("masterPassword has fewer than 8 characters", "masterPassword");
  }
}

function admitCluster(inputs: Props, call: Call): void {
  const { cloud, region, self } = call;
  const global = text(inputs, "globalClusterIdentifier");
  if (self !== undefined) return;
  const members = global === undefined ? [] : membersOf(call, global);
  const secondary = members.length > 0;
  if (global !== undefined) {
    const owner = cloud.all(GLOBAL_CLUSTER).find((thing) => thing.id === global);
    if (owner === undefined && !cloud.assumeExisting) {
      refuse(`GlobalClusterNotFoundFault: ${global} does not exist`, "globalClusterIdentifier");
    }
    const version = owner && text(owner.inputs, "engineVersion");
    const own = text(inputs, "engineVersion");
    if (version !== undefined && own !== undefined && version !== own) {
      refuse(
        `engineVersion ${own} differs from ${version} of global cluster ${global}`,
        "engineVersion",
      );
    }
    if (members.some((member) => member.region === region)) {
      refuse(`${global} has a member in ${region} already`, "globalClusterIdentifier");
    }
    if (members.length > 10)
      refuse(`${global} has 10 secondaries already`, "globalClusterIdentifier");
    if (owner && flag(owner.inputs, "storageEncrypted") && !flag(inputs, "storageEncrypted")) {
      refuse(`${global} is encrypted, so its members must be`, "storageEncrypted");
    }
  }
  const replica = secondary || at(inputs, "replicationSourceIdentifier").length > 0;
  if (replica) {
    for (const key of ["masterUsername", "masterPassword", "databaseName", "snapshotIdentifier"]) {
      if (at(inputs, key).length > 0) {
        refuse(
          `InvalidParameterCombination: a secondary of a global cluster has no ${key} of its own`,
          key,
        );
      }
    }
    if (flag(inputs, "storageEncrypted") && at(inputs, "kmsKeyId").length === 0) {
      refuse("a cross-region encrypted secondary needs the kmsKeyId of its own region", "kmsKeyId");
    }
    // terraform-provider-aws#13715: the provider signs the second request only when it is told the region.
    if (flag(inputs, "storageEncrypted") && at(inputs, "sourceRegion").length === 0) {
      refuse("source cluster is encrypted; pre-signed URL has to be specified", "sourceRegion");
    }
    if (global !== undefined && members.every((member) => isWriter(member) === false)) {
      refuse(`${global} has no primary`, "globalClusterIdentifier");
    }
  } else if (at(inputs, "snapshotIdentifier").length === 0 && !cloud.assumeExisting) {
    if (at(inputs, "masterUsername").length === 0)
      refuse("masterUsername is required", "masterUsername");
    if (at(inputs, "masterPassword").length === 0 && !flag(inputs, "manageMasterUserPassword")) {
      refuse("masterPassword is required", "masterPassword");
    }
  }
  if (flag(inputs, "enableGlobalWriteForwarding") && global === undefined) {
    refuse("enableGlobalWriteForwarding needs a global cluster", "enableGlobalWriteForwarding");
  }
}

function deleteCluster(cluster: Thing, call: Call): void {
  if (flag(cluster.inputs, "deletionProtection")) {
    refuse(`InvalidParameterCombination: ${cluster.id} has deletionProtection`);
  }
  const global = text(cluster.state, "globalClusterIdentifier");
  if (global !== undefined && isWriter(cluster)) {
    const others = membersOf(call, global).filter((member) => member !== cluster);
    if (others.length > 0) {
      refuse(
        `InvalidDBClusterStateFault: ${cluster.id} is the primary of ${global}, which still has ${others.map((member) => `${member.id} (${member.region})`).join(", ")}`,
      );
    }
  }
  if (
    !flag(cluster.inputs, "skipFinalSnapshot") &&
    at(cluster.inputs, "finalSnapshotIdentifier").length === 0
  ) {
    refuse("final_snapshot_identifier is required when skip_final_snapshot is false");
  }
}

export const rds: Catalogue = {
  [GLOBAL_CLUSTER]: {
    autoName: { property: "globalClusterIdentifier", max: 63, lower: true },
    forceNew: [
      "globalClusterIdentifier",
      "databaseName",
      "engine",
      "sourceDbClusterIdentifier",
      "storageEncrypted",
      "region",
    ],
    validate: (inputs) => {
      validIdentifier(inputs, "globalClusterIdentifier");
      validEngine(inputs);
    },
    admit: (inputs, { cloud, self }) => {
      const name = text(inputs, "globalClusterIdentifier");
      if (self === undefined && cloud.all(GLOBAL_CLUSTER).some((other) => other.id === name)) {
        refuse(`GlobalClusterAlreadyExistsFault: ${name}`, "globalClusterIdentifier");
      }
    },
    id: (inputs) => text(inputs, "globalClusterIdentifier") ?? "",
    outputs: (inputs, { cloud, id, old }) => ({
      arn: `arn:aws:rds::${cloud.account}:global-cluster:${id}`,
      endpoint: old?.endpoint ?? `${id}.global-${cloud.hex(12)}.global.rds.amazonaws.com`,
      globalClusterResourceId: old?.globalClusterResourceId ?? `cluster-${cloud.hex(16)}`,
      engine: inputs.engine ?? "aurora",
      engineVersion: inputs.engineVersion ?? "17.4",
      engineVersionActual: inputs.engineVersion ?? "17.4",
      engineLifecycleSupport: inputs.engineLifecycleSupport ?? "open-source-rds-extended-support",
      databaseName: inputs.databaseName ?? "",
      globalClusterMembers: old?.globalClusterMembers ?? [],
    }),
    deleted: (global, call) => {
      if (flag(global.inputs, "deletionProtection")) refuse(`${global.id} has deletionProtection`);
      const [member] = membersOf(call, global.id);
      if (member && !flag(global.inputs, "forceDestroy")) {
        refuse(
          `InvalidGlobalClusterStateFault: ${global.id} still has member ${member.id} (${member.region})`,
        );
      }
      for (const left of membersOf(call, global.id)) delete left.state.globalClusterIdentifier;
    },
  },
  [CLUSTER]: {
    autoName: { property: "clusterIdentifier", max: 63, lower: true, suffix: "" },
    forceNew: [
      "availabilityZones",
      "clusterIdentifier",
      "clusterIdentifierPrefix",
      "databaseName",
      "dbSubnetGroupName",
      "dbSystemId",
      "engine",
      "engineMode",
      "kmsKeyId",
      "masterUsername",
      "restoreToPointInTime",
      "s3Import",
      "snapshotIdentifier",
      "sourceRegion",
      "storageEncrypted",
      "region",
    ],
    defaults: {
      backtrackWindow: 0,
      copyTagsToSnapshot: false,
      engineMode: "provisioned",
      skipFinalSnapshot: false,
    },
    references: [
      { path: "dbSubnetGroupName", type: DB_SUBNETS, by: "name" },
      { path: "vpcSecurityGroupIds[]", type: SECURITY_GROUP },
      {
        path: "dbClusterParameterGroupName",
        type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        by: "name",
      },
      withKey("kmsKeyId"),
    ],
    validate: validCluster,
    admit: admitCluster,
    unique: { of: (inputs) => text(inputs, "clusterIdentifier") },
    id: (inputs) => text(inputs, "clusterIdentifier") ?? "",
    outputs: (inputs, call) => {
      const { cloud, region, id, old } = call;
      const suffix =
        text(old ?? {}, "endpoint")
          ?.split(".cluster-")[1]
          ?.split(".")[0] ?? cloud.hex(12);
      const global = text(inputs, "globalClusterIdentifier");
      const first = global !== undefined && membersOf(call, global).length === 0;
      return {
        arn: cloud.arn("rds", region, `cluster:${id}`),
        endpoint: `${id}.cluster-${suffix}.${region}.rds.amazonaws.com`,
        readerEndpoint: `${id}.cluster-ro-${suffix}.${region}.rds.amazonaws.com`,
        hostedZoneId: "Z2R2ITUGPM61AM",
        clusterResourceId: old?.clusterResourceId ?? `cluster-${cloud.capitals(26)}`,
        port: inputs.port ?? 5432,
        engineVersion: inputs.engineVersion ?? "17.4",
        engineVersionActual: inputs.engineVersion ?? "17.4",
        masterUsername: inputs.masterUsername ?? old?.masterUsername ?? "postgres",
        databaseName: inputs.databaseName ?? old?.databaseName ?? "",
        clusterMembers: old?.clusterMembers ?? [],
        availabilityZones:
          inputs.availabilityZones ?? ["a", "b", "c"].map((zone) => `${region}${zone}`),
        storageEncrypted: flag(inputs, "storageEncrypted"),
        backupRetentionPeriod: inputs.backupRetentionPeriod ?? 1,
        globalRole:
          old?.globalRole ?? (global === undefined ? "none" : first ? "primary" : "secondary"),
        masterUserSecrets: flag(inputs, "manageMasterUserPassword")
          ? [
              {
                secretArn: cloud.arn("secretsmanager", region, `secret:rds!cluster-${id}`),
                secretStatus: "active",
                kmsKeyId: "",
              },
            ]
          : [],
      };
    },
    deleted: deleteCluster,
  },
  [INSTANCE]: {
    autoName: { property: "identifier", max: 63, lower: true },
    forceNew: [
      "availabilityZone",
      "clusterIdentifier",
      "customIamInstanceProfile",
      "dbSubnetGroupName",
      "engine",
      "identifier",
      "identifierPrefix",
      "performanceInsightsKmsKeyId",
      "region",
    ],
    defaults: { autoMinorVersionUpgrade: true, promotionTier: 0, publiclyAccessible: false },
    references: [
      { path: "clusterIdentifier", type: CLUSTER },
      { path: "dbSubnetGroupName", type: DB_SUBNETS, by: "name" },
      { path: "dbParameterGroupName", type: "aws:rds/parameterGroup:ParameterGroup", by: "name" },
      { path: "monitoringRoleArn", type: ROLE, by: "arn" },
      withKey("performanceInsightsKmsKeyId"),
    ],
    validate: (inputs) => {
      validIdentifier(inputs, "identifier");
      validClass(inputs);
      const interval = number(inputs, "monitoringInterval");
      if (interval !== undefined && ![0, 1, 5, 10, 15, 30, 60].includes(interval)) {
        refuse(
          `monitoringInterval is 0, 1, 5, 10, 15, 30 or 60 seconds, not ${interval}`,
          "monitoringInterval",
        );
      }
      if (interval !== undefined && interval > 0 && at(inputs, "monitoringRoleArn").length === 0) {
        refuse("monitoringInterval needs monitoringRoleArn", "monitoringRoleArn");
      }
    },
    admit: (inputs, { cloud, region }) => {
      const cluster = cloud.get(CLUSTER, region, text(inputs, "clusterIdentifier") ?? "");
      const global = cluster && text(cluster.state, "globalClusterIdentifier");
      if (global !== undefined && /^db\.t/.test(text(inputs, "instanceClass") ?? "")) {
        refuse(
          `InvalidParameterCombination: ${text(inputs, "instanceClass")} cannot be in a global cluster`,
          "instanceClass",
        );
      }
    },
    unique: { of: (inputs) => text(inputs, "identifier") },
    id: (inputs) => text(inputs, "identifier") ?? "",
    outputs: (inputs, { cloud, region, id, old }) => ({
      arn: cloud.arn("rds", region, `db:${id}`),
      endpoint: old?.endpoint ?? `${id}.${cloud.hex(12)}.${region}.rds.amazonaws.com`,
      port: 5432,
      dbiResourceId: old?.dbiResourceId ?? `db-${cloud.capitals(26)}`,
      writer: old?.writer ?? false,
      availabilityZone: inputs.availabilityZone ?? `${region}a`,
      engineVersionActual: inputs.engineVersion ?? "17.4",
      storageEncrypted: true,
    }),
  },
  [DB_SUBNETS]: subnetGroup("subgrp", "rds"),
  "aws:rds/parameterGroup:ParameterGroup": parameterGroup("pg", "rds"),
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": parameterGroup("cluster-pg", "rds"),
};
