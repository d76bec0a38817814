import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, text } from "../values";
import { ROUTE_TABLE } from "./routes";
import { SECURITY_GROUP, SUBNET, inVpc } from "./vpc";

export const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

export const vpcEndpoints: Catalogue = {
  [ENDPOINT]: {
    forceNew: [
      "serviceName",
      "serviceRegion",
      "vpcEndpointType",
      "vpcId",
      "resourceConfigurationArn",
      "region",
    ],
    defaults: { vpcEndpointType: "Gateway" },
    references: [
      inVpc,
      { path: "routeTableIds[]", type: ROUTE_TABLE, blocks: false },
      { path: "subnetIds[]", type: SUBNET },
      { path: "securityGroupIds[]", type: SECURITY_GROUP },
    ],
    validate: (inputs) => {
      const gateway = text(inputs, "vpcEndpointType") === "Gateway";
      if (gateway && at(inputs, "subnetIds").length > 0) {
        refuse("a gateway endpoint has route tables, not subnets", "subnetIds");
      }
      if (
        text(inputs, "vpcEndpointType") === "Interface" &&
        at(inputs, "routeTableIds").length > 0
      ) {
        refuse("an interface endpoint has subnets, not route tables", "routeTableIds");
      }
    },
    admit: (inputs, { region }) => {
      const service = text(inputs, "serviceName");
      if (
        service?.startsWith("com.amazonaws.") &&
        !service.startsWith(`com.amazonaws.${region}.`)
      ) {
        refuse(`serviceName "${service}" is not of ${region}`, "serviceName");
      }
    },
    id: (_inputs, { cloud }) => `vpce-0${cloud.hex(16)}`,
    outputs: (inputs, { cloud, region, id, old }) => ({
      arn: cloud.arn("ec2", region, `vpc-endpoint/${id}`),
      ownerId: cloud.account,
      state: "available",
      prefixListId:
        text(inputs, "vpcEndpointType") === "Gateway"
          ? (old?.prefixListId ?? `pl-0${cloud.hex(16)}`)
          : "",
    }),
  },
};
