import type { Thing } from "../cloud";
import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, number, type Props, text, texts } from "../values";
import { SECURITY_GROUP, SUBNET } from "./network";
import { ROLE, secretIn, withKey } from "./security";

const GLOBAL_CLUSTER = "aws:rds/globalCluster:GlobalCluster";
const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
const DB_SUBNETS = "aws:rds/subnetGroup:SubnetGroup";
const PROXY = "aws:rds/proxy:Proxy";
const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const CACHE_SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";

/** Versions of Aurora PostgreSQL that can be created. */
const AURORA_POSTGRESQL = [
  "13.18",
  "13.20",
  "13.21",
  "13.22",
  "13.23",
  "14.15",
  "14.17",
  "14.18",
  "14.19",
  "14.20",
  "15.10",
  "15.12",
  "15.13",
  "15.14",
  "15.15",
  "16.6",
  "16.8",
  "16.9",
  "16.10",
  "16.11",
  "17.4",
  "17.5",
  "17.6",
  "17.7",
];

/** Sizes of each instance family that Aurora PostgreSQL can be ordered with. */
const AURORA_CLASSES: Record<string, string[]> = {
  t3: ["medium", "large"],
  t4g: ["medium", "large"],
  r5: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"],
  r6g: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
  r6i: [
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "32xlarge",
  ],
  r7g: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
  r7i: [
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "48xlarge",
  ],
  r8g: [
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "48xlarge",
  ],
  x2g: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
};

const CACHE_FAMILIES = ["t3", "t4g", "m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "c7gn"];

function validEngine(inputs: Props): void {
  const engine = text(inputs, "engine");
  if (engine !== undefined && engine !== "aurora-postgresql" && engine !== "aurora-mysql") {
    refuse(`engine "${engine}" is not an Aurora engine`, "engine");
  }
  const version = text(inputs, "engineVersion");
  if (engine !== "aurora-postgresql" || version === undefined) return;
  const major = /^\d+$/.test(version);
  if (
    !AURORA_POSTGRESQL.some(
      (known) => known === version || (major && known.startsWith(`${version}.`)),
    )
  ) {
    refuse(`Cannot find version ${version} for aurora-postgresql`, "engineVersion");
  }
}

function validClass(inputs: Props): void {
  const name = text(inputs, "instanceClass");
  if (name === undefined || name === "db.serverless") return;
  const [, family = "", size = ""] = name.split(".");
  if (!name.startsWith("db.") || !AURORA_CLASSES[family]?.includes(size)) {
    refuse(
      `InvalidParameterCombination: RDS does not support creating a DB instance with class ${name} and engine aurora-postgresql`,
      "instanceClass",
    );
  }
}

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

const parameterGroup = (arnKind: string, service: string): Catalogue[string] => ({
  autoName: { property: "name", max: 255, lower: true },
  forceNew: [
    "name",
    ...(service === "rds" ? ["namePrefix"] : []),
    "family",
    "description",
    "region",
  ],
  defaults: { description: "Managed by Pulumi" },
  validate: (inputs) => {
    const family = text(inputs, "family");
    const known =
      service === "rds"
        ? /^aurora-(postgresql1[3-7]|mysql\d\.\d)$/
        : /^(valkey[78]|redis[67](\.x)?|memcached1\.[56])$/;
    if (family !== undefined && !known.test(family))
      refuse(`parameter group family ${family} is unknown`, "family");
    const name = text(inputs, "name");
    if (name !== undefined && name !== name.toLowerCase())
      refuse(`name "${name}" must be lower case`, "name");
  },
  unique: { of: (inputs) => text(inputs, "name") },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (_inputs, { cloud, region, id }) => ({
    arn: cloud.arn(service, region, `${arnKind}:${id}`),
  }),
});

function subnetGroup(arnKind: string, service: string): Catalogue[string] {
  return {
    autoName: { property: "name", max: 255, lower: true },
    forceNew: ["name", ...(service === "rds" ? ["namePrefix"] : []), "region"],
    defaults: { description: "Managed by Pulumi" },
    references: [{ path: "subnetIds[]", type: SUBNET }],
    admit: (inputs, { cloud, region }) => {
      const zones = new Set(
        texts(inputs, "subnetIds[]").map((id) => {
          const subnet = cloud.get(SUBNET, region, id);
          return subnet === undefined ? id : subnet.state.availabilityZone;
        }),
      );
      if (service === "rds" && zones.size < 2) {
        refuse("DBSubnetGroupDoesNotCoverEnoughAZs: at least 2 availability zones", "subnetIds");
      }
      const name = text(inputs, "name");
      if (name !== undefined && name !== name.toLowerCase())
        refuse(`name "${name}" must be lower case`, "name");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (inputs, { cloud, region, id }) => {
      const [first] = texts(inputs, "subnetIds[]");
      const vpcId = cloud.get(SUBNET, region, first ?? "")?.inputs.vpcId;
      return {
        arn: cloud.arn(service, region, `${arnKind}:${id}`),
        vpcId,
        supportedNetworkTypes: ["IPV4"],
      };
    },
  };
}

function validReplicationGroup(inputs: Props): void {
  const id = text(inputs, "replicationGroupId");
  if (
    id !== undefined &&
    (!/^[a-z][a-z0-9-]{0,39}$/.test(id) || id.endsWith("-") || id.includes("--"))
  ) {
    refuse(
      `replicationGroupId "${id}": 1 to 40 lower-case letters, digits, single hyphens`,
      "replicationGroupId",
    );
  }
  const encrypted = flag(inputs, "transitEncryptionEnabled");
  if (at(inputs, "authToken").length > 0) {
    if (!encrypted) refuse("authToken needs transitEncryptionEnabled", "authToken");
    if (at(inputs, "userGroupIds").length > 0)
      refuse("authToken conflicts with userGroupIds", "authToken");
    const token = text(inputs, "authToken");
    if (token !== undefined && !/^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(token)) {
      refuse("authToken has 16 to 128 letters, digits or !&#$^<>-", "authToken");
    }
  }
  const automatic = flag(inputs, "automaticFailoverEnabled");
  const nodes =
    (number(inputs, "numCacheClusters") ?? 1) - 1 + (number(inputs, "replicasPerNodeGroup") ?? 0);
  const unknown = at(inputs, "numCacheClusters")
    .concat(at(inputs, "replicasPerNodeGroup"))
    .some((value) => typeof value !== "number");
  const secondary = at(inputs, "globalReplicationGroupId").length > 0;
  if (flag(inputs, "multiAzEnabled") && !automatic && !secondary) {
    refuse("multiAzEnabled needs automaticFailoverEnabled", "multiAzEnabled");
  }
  if ((automatic || flag(inputs, "multiAzEnabled")) && nodes < 1 && !unknown && !secondary) {
    refuse(
      `${automatic ? "automaticFailoverEnabled" : "multiAzEnabled"} needs at least one replica`,
      "numCacheClusters",
    );
  }
  const node = text(inputs, "nodeType");
  if (node !== undefined && !CACHE_FAMILIES.includes(node.split(".")[1] ?? "")) {
    refuse(`nodeType "${node}" is unknown`, "nodeType");
  }
  const engine = text(inputs, "engine");
  if (engine !== undefined && !["redis", "valkey"].includes(engine))
    refuse(`engine "${engine}" is unknown`, "engine");
  const version = text(inputs, "engineVersion");
  if (engine === "valkey" && version !== undefined && !/^(7\.2|8\.[012]|9\.0)$/.test(version)) {
    refuse(`engine version ${version} does not exist for valkey`, "engineVersion");
  }
}

export const data: Catalogue = {
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
  [PROXY]: {
    autoName: { property: "name", max: 63, lower: true },
    forceNew: [
      "name",
      "engineFamily",
      "vpcSubnetIds",
      "endpointNetworkType",
      "targetConnectionNetworkType",
      "region",
    ],
    references: [
      { path: "roleArn", type: ROLE, by: "arn" },
      { path: "vpcSubnetIds[]", type: SUBNET },
      { path: "vpcSecurityGroupIds[]", type: SECURITY_GROUP },
    ],
    admit: (inputs, { cloud, region }) => {
      for (const arn of texts(inputs, "auths[].secretArn")) {
        if (!secretIn(cloud, region, arn) && !cloud.assumeExisting) {
          refuse(`no secret ${arn} in ${region}`, "auths");
        }
      }
    },
    validate: (inputs) => {
      const family = text(inputs, "engineFamily");
      if (family !== undefined && !["POSTGRESQL", "MYSQL", "SQLSERVER"].includes(family)) {
        refuse(`engineFamily "${family}" is unknown`, "engineFamily");
      }
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (_inputs, { cloud, region, id, old }) => ({
      arn: old?.arn ?? cloud.arn("rds", region, `db-proxy:prx-0${cloud.hex(16)}`),
      endpoint: old?.endpoint ?? `${id}.proxy-${cloud.hex(12)}.${region}.rds.amazonaws.com`,
    }),
  },
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
    forceNew: ["dbProxyName", "region"],
    references: [{ path: "dbProxyName", type: PROXY, blocks: false }],
    id: (inputs) => text(inputs, "dbProxyName") ?? "",
    outputs: (_inputs, { cloud, region }) => ({
      name: "default",
      arn: cloud.arn("rds", region, `target-group:prx-tg-0${cloud.hex(16)}`),
    }),
  },
  "aws:rds/proxyEndpoint:ProxyEndpoint": {
    forceNew: ["dbProxyEndpointName", "dbProxyName", "targetRole", "vpcSubnetIds", "region"],
    defaults: { targetRole: "READ_WRITE" },
    references: [
      { path: "dbProxyName", type: PROXY },
      { path: "vpcSubnetIds[]", type: SUBNET },
      { path: "vpcSecurityGroupIds[]", type: SECURITY_GROUP },
    ],
    validate: (inputs) => {
      const role = text(inputs, "targetRole");
      if (role !== undefined && !["READ_WRITE", "READ_ONLY"].includes(role)) {
        refuse(`targetRole "${role}" is unknown`, "targetRole");
      }
    },
    unique: { of: (inputs) => text(inputs, "dbProxyEndpointName") },
    id: (inputs) => `${text(inputs, "dbProxyName")}/${text(inputs, "dbProxyEndpointName")}`,
    outputs: (inputs, { cloud, region, old }) => ({
      arn: old?.arn ?? cloud.arn("rds", region, `db-proxy-endpoint:prx-endpoint-0${cloud.hex(16)}`),
      endpoint:
        old?.endpoint ??
        `${text(inputs, "dbProxyEndpointName")}.endpoint.proxy-${cloud.hex(12)}.${region}.rds.amazonaws.com`,
      isDefault: false,
      vpcId: old?.vpcId ?? `vpc-0${cloud.hex(16)}`,
    }),
  },
  "aws:rds/proxyTarget:ProxyTarget": {
    forceNew: [
      "dbProxyName",
      "dbClusterIdentifier",
      "dbInstanceIdentifier",
      "targetGroupName",
      "region",
    ],
    references: [
      { path: "dbProxyName", type: PROXY, blocks: false },
      { path: "dbClusterIdentifier", type: CLUSTER },
    ],
    validate: (inputs) => {
      if (
        at(inputs, "dbClusterIdentifier").length + at(inputs, "dbInstanceIdentifier").length !==
        1
      ) {
        refuse("exactly one of dbClusterIdentifier, dbInstanceIdentifier must be given");
      }
    },
    id: (inputs) =>
      `${text(inputs, "dbProxyName")}/${text(inputs, "targetGroupName")}/TRACKED_CLUSTER/${text(inputs, "dbClusterIdentifier")}`,
    outputs: (inputs) => ({
      type: "TRACKED_CLUSTER",
      rdsResourceId: inputs.dbClusterIdentifier,
      trackedClusterId: inputs.dbClusterIdentifier,
      port: 5432,
    }),
  },
  [CACHE_SUBNETS]: subnetGroup("subnetgroup", "elasticache"),
  "aws:elasticache/parameterGroup:ParameterGroup": parameterGroup("parametergroup", "elasticache"),
  [REPLICATION_GROUP]: {
    autoName: { property: "replicationGroupId", max: 40, lower: true },
    forceNew: [
      "atRestEncryptionEnabled",
      "dataTieringEnabled",
      "globalReplicationGroupId",
      "kmsKeyId",
      "networkType",
      "port",
      "preferredCacheClusterAzs",
      "replicationGroupId",
      "securityGroupNames",
      "snapshotArns",
      "snapshotName",
      "subnetGroupName",
      "region",
    ],
    references: [
      { path: "subnetGroupName", type: CACHE_SUBNETS, by: "name" },
      { path: "securityGroupIds[]", type: SECURITY_GROUP },
      {
        path: "parameterGroupName",
        type: "aws:elasticache/parameterGroup:ParameterGroup",
        by: "name",
      },
      withKey("kmsKeyId"),
    ],
    validate: validReplicationGroup,
    unique: { of: (inputs) => text(inputs, "replicationGroupId") },
    id: (inputs) => text(inputs, "replicationGroupId") ?? "",
    outputs: (inputs, { cloud, region, id, old }) => {
      const suffix = text(old ?? {}, "primaryEndpointAddress")?.split(".")[2] ?? cloud.hex(6);
      const short = region.replace(/^(..)-(.).*-(\d)$/, "$1$2$3");
      const clustered = at(inputs, "numNodeGroups").length > 0 || flag(inputs, "clusterEnabled");
      const tls = flag(inputs, "transitEncryptionEnabled");
      const host = (kind: string): string =>
        tls
          ? `${kind}.${id}.${suffix}.${short}.cache.amazonaws.com`
          : `${id}${kind === "master" ? "" : "-ro"}.${suffix}.ng.0001.${short}.cache.amazonaws.com`;
      return {
        arn: cloud.arn("elasticache", region, `replicationgroup:${id}`),
        primaryEndpointAddress: clustered ? "" : host("master"),
        readerEndpointAddress: clustered ? "" : host("replica"),
        configurationEndpointAddress: clustered
          ? `clustercfg.${id}.${suffix}.${short}.cache.amazonaws.com`
          : "",
        port: inputs.port ?? 6379,
        engine: inputs.engine ?? "redis",
        engineVersion: inputs.engineVersion ?? "7.1",
        engineVersionActual: `${text(inputs, "engineVersion") ?? "7.1"}.0`,
        numCacheClusters: inputs.numCacheClusters ?? 1,
        numNodeGroups: inputs.numNodeGroups ?? 1,
        replicasPerNodeGroup:
          inputs.replicasPerNodeGroup ?? (number(inputs, "numCacheClusters") ?? 1) - 1,
        memberClusters: Array.from(
          { length: number(inputs, "numCacheClusters") ?? 1 },
          (_, index) => `${id}-00${index + 1}`,
        ),
        clusterEnabled: clustered,
      };
    },
  },
  "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {
    forceNew: ["globalReplicationGroupIdSuffix", "primaryReplicationGroupId", "region"],
    references: [{ path: "primaryReplicationGroupId", type: REPLICATION_GROUP }],
    unique: { of: (inputs) => text(inputs, "globalReplicationGroupIdSuffix") },
    id: (inputs) => `ldgnf-${text(inputs, "globalReplicationGroupIdSuffix")}`,
    outputs: (_inputs, { cloud, id }) => ({
      globalReplicationGroupId: id,
      arn: `arn:aws:elasticache::${cloud.account}:globalreplicationgroup:${id}`,
    }),
  },
};
