import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, number, type Props, text, texts } from "../values";
import { CERTIFICATE, unvalidated } from "./acm";
import { SECURITY_GROUP, SUBNET, VPC } from "./vpc";

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

/** Hosted zones of the regions' network load balancers. Source: AWS General Reference, ELB endpoints. */
const NLB_ZONES: Record<string, string> = {
  "us-east-1": "Z26RNL4JYFTOTI",
  "us-east-2": "ZLMOA37VPKANP",
  "us-west-1": "Z24FKFUX50B4VW",
  "us-west-2": "Z18D5FSROUN65G",
  "eu-west-1": "Z2IFOLAFXWLO4F",
  "eu-west-2": "ZD4D7Y8KGAS4G",
  "eu-west-3": "Z1CMS0P5QUZ6D5",
  "eu-central-1": "Z3F0SRJ5LGBH90",
  "eu-north-1": "Z1UDT6IFJ4EJM",
  "ap-south-1": "ZVDDRBQ08TROA",
  "ap-southeast-1": "ZKVM4W9LS7TM",
  "ap-southeast-2": "ZCT6FZBF4DROD",
  "ap-northeast-1": "Z31USIVHYNEOWT",
  "ap-northeast-2": "ZIBE1TIR4HY56",
  "sa-east-1": "ZTK26PT1VY4CU",
  "ca-central-1": "Z2EPGBW3API2WT",
};

export const loadBalancing: Catalogue = {
  [LOAD_BALANCER]: {
    autoName: { property: "name", max: 32 },
    forceNew: [
      "customerOwnedIpv4Pool",
      "internal",
      "loadBalancerType",
      "name",
      "namePrefix",
      "region",
    ],
    defaults: { loadBalancerType: "application", ipAddressType: "ipv4" },
    references: [
      { path: "subnets[]", type: SUBNET },
      { path: "subnetMappings[].subnetId", type: SUBNET },
      { path: "securityGroups[]", type: SECURITY_GROUP },
    ],
    validate: (inputs) => {
      const name = text(inputs, "name");
      if (
        name !== undefined &&
        (!/^[A-Za-z0-9-]{1,32}$/.test(name) || /^-|-$|^internal-/.test(name))
      ) {
        refuse(`load balancer name "${name}": at most 32 letters, digits, inner hyphens`, "name");
      }
    },
    admit: (inputs, { cloud, region }) => {
      const subnets = [
        ...texts(inputs, "subnets[]"),
        ...texts(inputs, "subnetMappings[].subnetId"),
      ].flatMap((id) => cloud.get(SUBNET, region, id) ?? []);
      const zones = subnets.map((subnet) => subnet.state.availabilityZone);
      if (new Set(zones).size !== zones.length)
        refuse("InvalidConfigurationRequest: two subnets in one zone", "subnets");
      if (text(inputs, "ipAddressType") !== "dualstack") return;
      const without = subnets.find(
        (subnet) => !text(subnet.inputs, "ipv6CidrBlock") && !flag(subnet.inputs, "ipv6Native"),
      );
      if (without)
        refuse(`ipAddressType dualstack: subnet ${without.id} has no IPv6 block`, "ipAddressType");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) =>
      cloud.arn(
        "elasticloadbalancing",
        region,
        `loadbalancer/${balancerKind(inputs)}/${text(inputs, "name")}/${cloud.hex(16)}`,
      ),
    outputs: (inputs, { cloud, region, id }) => ({
      arn: id,
      arnSuffix: id.split("loadbalancer/")[1],
      dnsName:
        balancerKind(inputs) === "net"
          ? `${text(inputs, "name")}-${id.split("/").at(-1)}.elb.${region}.amazonaws.com`
          : `${text(inputs, "name")}-${parseInt(cloud.hex(8), 16)}.${region}.elb.amazonaws.com`,
      zoneId: NLB_ZONES[region] ?? "Z26RNL4JYFTOTI",
      vpcId: [...texts(inputs, "subnets[]"), ...texts(inputs, "subnetMappings[].subnetId")]
        .map((subnet) => cloud.get(SUBNET, region, subnet)?.inputs.vpcId)
        .find((vpc) => vpc !== undefined),
      subnets: inputs.subnets ?? texts(inputs, "subnetMappings[].subnetId"),
      securityGroups: inputs.securityGroups ?? [],
    }),
    deleted: (balancer) => {
      if (flag(balancer.inputs, "enableDeletionProtection")) {
        refuse(`OperationNotPermitted: ${balancer.id} has deletion protection`);
      }
    },
  },
  [TARGET_GROUP]: {
    autoName: { property: "name", max: 32 },
    forceNew: [
      "name",
      "namePrefix",
      "port",
      "protocol",
      "protocolVersion",
      "targetType",
      "vpcId",
      "ipAddressType",
      "region",
    ],
    defaults: { targetType: "instance" },
    references: [{ path: "vpcId", type: VPC, blocks: false }],
    validate: (inputs) => {
      const name = text(inputs, "name");
      if (name !== undefined && (!/^[A-Za-z0-9-]{1,32}$/.test(name) || /^-|-$/.test(name))) {
        refuse(`target group name "${name}": at most 32 letters, digits, inner hyphens`, "name");
      }
      const protocol = text(inputs, "protocol");
      if (
        protocol !== undefined &&
        !["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"].includes(
          protocol,
        )
      ) {
        refuse(`protocol "${protocol}" is unknown`, "protocol");
      }
      if (text(inputs, "targetType") !== "lambda" && at(inputs, "vpcId").length === 0)
        refuse("vpcId is required", "vpcId");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) =>
      cloud.arn(
        "elasticloadbalancing",
        region,
        `targetgroup/${text(inputs, "name")}/${cloud.hex(16)}`,
      ),
    outputs: (_inputs, { id }) => ({
      arn: id,
      arnSuffix: id.split(":").at(-1),
      loadBalancerArns: [],
    }),
  },
  "aws:lb/listener:Listener": {
    forceNew: ["loadBalancerArn", "region"],
    references: [
      { path: "loadBalancerArn", type: LOAD_BALANCER, blocks: false },
      { path: "defaultActions[].targetGroupArn", type: TARGET_GROUP },
      { path: "certificateArn", type: CERTIFICATE },
    ],
    validate: (inputs) => {
      const protocol = text(inputs, "protocol");
      const secure = protocol === "TLS" || protocol === "HTTPS";
      if (secure && at(inputs, "certificateArn").length === 0) {
        refuse(
          `CertificateNotFound: a ${protocol} listener needs a certificateArn`,
          "certificateArn",
        );
      }
      if (!secure && protocol !== undefined && at(inputs, "certificateArn").length > 0) {
        refuse(`a ${protocol} listener has no certificate`, "certificateArn");
      }
    },
    admit: (inputs, { cloud, region }) => {
      const certificate = cloud.get(CERTIFICATE, region, text(inputs, "certificateArn") ?? "");
      if (certificate && certificate.state.status !== "ISSUED") {
        const pending = unvalidated(cloud, certificate.inputs);
        if (pending.length > 0) {
          refuse(
            `UnsupportedCertificate: ${certificate.id} is not issued (${pending.join(", ")} not validated)`,
            "certificateArn",
          );
        }
        refuse(
          `UnsupportedCertificate: ${certificate.id} is not waited for: use the CertificateValidation's ARN`,
          "certificateArn",
        );
      }
    },
    unique: { of: (inputs) => `${text(inputs, "loadBalancerArn")} ${number(inputs, "port")}` },
    id: (inputs, { cloud }) =>
      `${(text(inputs, "loadBalancerArn") ?? "").replace(":loadbalancer/", ":listener/")}/${cloud.hex(16)}`,
    outputs: (inputs, { id }) => ({
      arn: id,
      sslPolicy:
        inputs.sslPolicy ?? (text(inputs, "protocol") === "TLS" ? "ELBSecurityPolicy-2016-08" : ""),
    }),
  },
};

export function balancerKind(inputs: Props): string {
  return { network: "net", gateway: "gwy" }[text(inputs, "loadBalancerType") ?? ""] ?? "app";
}
