import { inside, ipv4, overlap } from "../cidr";
import { Cloud } from "../cloud";
import type { Call, Catalogue, Definition } from "../definition";
import { refuse } from "../refusal";
import { at, flag, number, type Props, text } from "../values";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";
export const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";
export const inVpc = { path: "vpcId", type: VPC };

/** `<prefix>-0123456789abcdef0`, and the ARN that goes with it. */
export function numbered(prefix: string, arnKind?: string): Pick<Definition, "id" | "outputs"> {
  return {
    id: (_inputs, { cloud }) => `${prefix}-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, region, id }) => ({
      ...(arnKind ? { arn: cloud.arn("ec2", region, `${arnKind}/${id}`) } : {}),
      ownerId: cloud.account,
    }),
  };
}

function validSubnetBlock(inputs: Props): void {
  const cidr = text(inputs, "cidrBlock");
  if (cidr !== undefined) ipv4("cidrBlock", cidr, 16, 28);
  const ipv6 = text(inputs, "ipv6CidrBlock");
  if (ipv6 !== undefined && !ipv6.endsWith("/64")) {
    refuse(`ipv6CidrBlock "${ipv6}": a subnet's IPv6 block is a /64`, "ipv6CidrBlock");
  }
  const zone = text(inputs, "availabilityZone");
  const region = text(inputs, "region");
  if (zone !== undefined && region !== undefined && !zone.startsWith(region)) {
    refuse(`availabilityZone "${zone}" is not in ${region}`, "availabilityZone");
  }
}

function admitSubnet(inputs: Props, { cloud, region, self }: Call): void {
  const cidr = text(inputs, "cidrBlock");
  const zone = text(inputs, "availabilityZone");
  if (zone !== undefined && !zone.startsWith(region)) {
    refuse(`availabilityZone "${zone}" is not in ${region}`, "availabilityZone");
  }
  const vpc = cloud.get(VPC, region, text(inputs, "vpcId") ?? "");
  const block = vpc && text(vpc.inputs, "cidrBlock");
  if (cidr === undefined) return;
  const own = ipv4("cidrBlock", cidr, 16, 28);
  if (block !== undefined && !inside(own, ipv4("cidrBlock", block))) {
    refuse(`InvalidSubnet.Range: "${cidr}" is outside its VPC's ${block}`, "cidrBlock");
  }
  for (const other of cloud.all(SUBNET, region)) {
    const taken = text(other.inputs, "cidrBlock");
    if (other === self || other.inputs.vpcId !== inputs.vpcId || taken === undefined) continue;
    if (overlap(own, ipv4("cidrBlock", taken))) {
      refuse(`InvalidSubnet.Conflict: "${cidr}" overlaps ${taken} of ${other.id}`, "cidrBlock");
    }
  }
  const ipv6 = text(inputs, "ipv6CidrBlock");
  const vpcIpv6 = vpc && text(vpc.state, "ipv6CidrBlock");
  if (ipv6 !== undefined && vpc !== undefined) {
    if (!vpcIpv6 || !ipv6.startsWith(vpcIpv6.replace(/00::\/56$/, ""))) {
      refuse(
        `InvalidSubnet.Range: "${ipv6}" is outside its VPC's ${vpcIpv6 || "(no IPv6 block)"}`,
        "ipv6CidrBlock",
      );
    }
  }
}

export const vpc: Catalogue = {
  [VPC]: {
    forceNew: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "region"],
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
    validate: (inputs) => {
      const cidr = text(inputs, "cidrBlock");
      if (cidr !== undefined) ipv4("cidrBlock", cidr, 16, 28);
    },
    id: (_inputs, { cloud }) => `vpc-0${cloud.hex(16)}`,
    outputs: (inputs, { cloud, region, id, old }) => ({
      arn: cloud.arn("ec2", region, `vpc/${id}`),
      ownerId: cloud.account,
      enableDnsHostnames: flag(inputs, "enableDnsHostnames"),
      defaultSecurityGroupId: old?.defaultSecurityGroupId ?? `sg-0${cloud.hex(16)}`,
      defaultRouteTableId: old?.defaultRouteTableId ?? `rtb-0${cloud.hex(16)}`,
      mainRouteTableId: old?.mainRouteTableId ?? `rtb-0${cloud.hex(16)}`,
      defaultNetworkAclId: old?.defaultNetworkAclId ?? `acl-0${cloud.hex(16)}`,
      dhcpOptionsId: old?.dhcpOptionsId ?? `dopt-0${cloud.hex(16)}`,
      ipv6CidrBlock: flag(inputs, "assignGeneratedIpv6CidrBlock")
        ? (old?.ipv6CidrBlock ?? amazonIpv6(cloud))
        : (inputs.ipv6CidrBlock ?? ""),
      ipv6AssociationId: flag(inputs, "assignGeneratedIpv6CidrBlock")
        ? (old?.ipv6AssociationId ?? `vpc-cidr-assoc-0${cloud.hex(16)}`)
        : "",
    }),
    created: (vpc, { cloud }) => {
      const id = vpc.state.defaultSecurityGroupId;
      if (typeof id !== "string") return;
      cloud.put({
        type: SECURITY_GROUP,
        id,
        region: vpc.region,
        inputs: { vpcId: vpc.id, name: "default" },
        state: { vpcId: vpc.id, name: "default", id },
        owner: Cloud.key(vpc),
      });
    },
  },
  [SUBNET]: {
    forceNew: [
      "availabilityZone",
      "availabilityZoneId",
      "cidrBlock",
      "ipv6Native",
      "outpostArn",
      "vpcId",
      "region",
    ],
    references: [inVpc],
    validate: validSubnetBlock,
    admit: admitSubnet,
    ...numbered("subnet"),
    outputs: (inputs, { cloud, region, id, old }) => ({
      arn: cloud.arn("ec2", region, `subnet/${id}`),
      ownerId: cloud.account,
      availabilityZone: inputs.availabilityZone ?? `${region}a`,
      availabilityZoneId:
        inputs.availabilityZoneId ?? zoneId(text(inputs, "availabilityZone") ?? `${region}a`),
      ipv6CidrBlockAssociationId: text(inputs, "ipv6CidrBlock")
        ? (old?.ipv6CidrBlockAssociationId ?? `subnet-cidr-assoc-0${cloud.hex(16)}`)
        : "",
      privateDnsHostnameTypeOnLaunch: inputs.privateDnsHostnameTypeOnLaunch ?? "ip-name",
    }),
  },
  [INTERNET_GATEWAY]: {
    forceNew: ["region"],
    references: [inVpc],
    unique: { of: (inputs) => text(inputs, "vpcId") },
    ...numbered("igw", "internet-gateway"),
  },
  [EIP]: {
    forceNew: ["domain", "publicIpv4Pool", "networkBorderGroup", "region"],
    id: (_inputs, { cloud }) => `eipalloc-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, region, id, old }) => {
      const ip = old?.publicIp ?? `198.51.100.${(parseInt(cloud.hex(4), 16) % 254) + 1}`;
      return { allocationId: id, publicIp: ip, arn: cloud.arn("ec2", region, `elastic-ip/${id}`) };
    },
  },
  [NAT_GATEWAY]: {
    forceNew: ["allocationId", "connectivityType", "privateIp", "subnetId", "region"],
    defaults: { connectivityType: "public" },
    references: [
      { path: "subnetId", type: SUBNET },
      { path: "allocationId", type: EIP },
    ],
    validate: (inputs) => {
      if (
        text(inputs, "connectivityType") === "public" &&
        at(inputs, "allocationId").length === 0
      ) {
        if (at(inputs, "availabilityMode").length === 0) {
          refuse("a public NAT gateway needs an allocationId", "allocationId");
        }
      }
    },
    unique: { of: (inputs) => text(inputs, "allocationId") },
    id: (_inputs, { cloud }) => `nat-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, old }) => ({
      networkInterfaceId: old?.networkInterfaceId ?? `eni-0${cloud.hex(16)}`,
    }),
  },
  "aws:ec2/flowLog:FlowLog": {
    forceNew: [
      "deliverCrossAccountRole",
      "destinationOptions",
      "eniId",
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "maxAggregationInterval",
      "subnetId",
      "trafficType",
      "transitGatewayId",
      "vpcId",
      "region",
    ],
    references: [
      inVpc,
      { path: "iamRoleArn", type: "aws:iam/role:Role", by: "arn" },
      {
        path: "logDestination",
        type: "aws:cloudwatch/logGroup:LogGroup",
        by: "arn",
        blocks: false,
      },
    ],
    validate: (inputs) => {
      const interval = number(inputs, "maxAggregationInterval");
      if (interval !== undefined && interval !== 60 && interval !== 600) {
        refuse(`maxAggregationInterval is 60 or 600, not ${interval}`, "maxAggregationInterval");
      }
    },
    id: (_inputs, { cloud }) => `fl-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, region, id }) => ({
      arn: cloud.arn("ec2", region, `vpc-flow-log/${id}`),
    }),
  },
};

/** Zone ids name physical zones; the account's mapping is the identity here (`use1-az1` for us-east-1a). */
export function zoneId(zone: string): string {
  const match = /^([a-z]+)-([a-z]+)-(\d)([a-z])$/.exec(zone);
  if (match === null) return zone;
  const [, area = "", direction = "", index = "", letter = ""] = match;
  const short = { northeast: "ne", southeast: "se", northwest: "nw", southwest: "sw" }[direction];
  return `${area}${short ?? direction.charAt(0)}${index}-az${letter.charCodeAt(0) - 96}`;
}

/** An Amazon-provided /56, written the canonical way: no group has leading zeros. */
function amazonIpv6(cloud: Cloud): string {
  const group = (text: string): string => parseInt(text, 16).toString(16);
  const groups = [`1f${cloud.hex(2)}`, cloud.hex(3), `1${cloud.hex(1)}00`].map(group);
  return `2600:${groups.join(":")}::/56`;
}
