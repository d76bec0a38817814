import { ipv4 } from "../cidr";
import type { Catalogue, Definition } from "../definition";
import { refuse } from "../refusal";
import { at, number, type Props, text, texts } from "../values";
import { SECURITY_GROUP, VPC, inVpc, numbered } from "./vpc";

function validRule(inputs: Props): void {
  const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
  const given = sources.filter((key) => at(inputs, key).length > 0);
  if (given.length !== 1) {
    refuse(`exactly one of ${sources.join(", ")} must be given, not ${given.length}`, given[0]);
  }
  const cidr = text(inputs, "cidrIpv4");
  if (cidr !== undefined) ipv4("cidrIpv4", cidr);
  const protocol = text(inputs, "ipProtocol");
  const from = number(inputs, "fromPort");
  const to = number(inputs, "toPort");
  if (protocol === "-1" && (from !== undefined || to !== undefined)) {
    refuse("fromPort and toPort must not be given with ipProtocol -1", "fromPort");
  }
  if ((protocol === "tcp" || protocol === "udp") && at(inputs, "fromPort").length === 0) {
    refuse(`fromPort and toPort are required with ipProtocol ${protocol}`, "fromPort");
  }
  if (from !== undefined && to !== undefined && from > to) {
    refuse(`fromPort ${from} is greater than toPort ${to}`, "fromPort");
  }
}

export function rule(kind: string): Definition {
  return {
    forceNew: ["securityGroupId", "region"],
    references: [
      { path: "securityGroupId", type: SECURITY_GROUP, blocks: false },
      { path: "referencedSecurityGroupId", type: SECURITY_GROUP },
    ],
    validate: validRule,
    unique: {
      of: (inputs) =>
        JSON.stringify(
          [
            "securityGroupId",
            "ipProtocol",
            "fromPort",
            "toPort",
            "cidrIpv4",
            "cidrIpv6",
            "prefixListId",
            "referencedSecurityGroupId",
          ].map((key) => inputs[key] ?? null),
        ),
    },
    id: (_inputs, { cloud }) => `sgr-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, region, id }) => ({
      securityGroupRuleId: id,
      arn: cloud.arn("ec2", region, `security-group-rule/${id}`),
      direction: kind,
    }),
  };
}

export const securityGroups: Catalogue = {
  [SECURITY_GROUP]: {
    autoName: { property: "name", max: 255 },
    forceNew: ["name", "namePrefix", "description", "vpcId", "region"],
    defaults: { description: "Managed by Pulumi" },
    references: [
      inVpc,
      { path: "ingress[].securityGroups[]", type: SECURITY_GROUP },
      { path: "egress[].securityGroups[]", type: SECURITY_GROUP },
    ],
    validate: (inputs) => {
      for (const cidr of [
        ...texts(inputs, "ingress[].cidrBlocks[]"),
        ...texts(inputs, "egress[].cidrBlocks[]"),
      ]) {
        ipv4("cidrBlocks", cidr);
      }
      if (text(inputs, "name")?.startsWith("sg-")) refuse(`name must not start with "sg-"`, "name");
    },
    unique: { of: (inputs) => `${text(inputs, "vpcId")} ${text(inputs, "name")}` },
    ...numbered("sg", "security-group"),
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    forceNew: ["vpcId", "region"],
    references: [{ ...inVpc, blocks: false }],
    unique: { of: (inputs) => text(inputs, "vpcId") },
    id: (inputs, { cloud, region }) => {
      const vpc = cloud.get(VPC, region, text(inputs, "vpcId") ?? "");
      return (vpc && text(vpc.state, "defaultSecurityGroupId")) ?? `sg-0${cloud.hex(16)}`;
    },
    outputs: (_inputs, { cloud, region, id }) => ({
      arn: cloud.arn("ec2", region, `security-group/${id}`),
      name: "default",
      ownerId: cloud.account,
      description: "default VPC security group",
    }),
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("egress"),
};
