import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, number, type Props, text } from "../values";
import { parameterGroup, subnetGroup } from "./dataGroups";
import { withKey } from "./kms";
import { SECURITY_GROUP } from "./vpc";

const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const CACHE_SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";
const CACHE_FAMILIES = ["t3", "t4g", "m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "c7gn"];

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

export const elasticache: Catalogue = {
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
