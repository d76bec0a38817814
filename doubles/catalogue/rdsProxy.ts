import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, text, texts } from "../values";
import { ROLE } from "./iam";
import { CLUSTER } from "./rds";
import { secretIn } from "./secretsManager";
import { SECURITY_GROUP, SUBNET } from "./vpc";

const PROXY = "aws:rds/proxy:Proxy";

export const rdsProxy: Catalogue = {
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
};
