import { inside, ipv4, overlap } from "../cidr";
import { Cloud } from "../cloud";
import type { Call, Catalogue, Definition } from "../definition";
import { refuse } from "../refusal";
import { at, flag, number, type Props, text, texts } from "../values";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";
const PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const inVpc = { path: "vpcId", type: VPC };

/** `<prefix>-0123456789abcdef0`, and the ARN that goes with it. */
function numbered(prefix: string, arnKind?: string): Pick<Definition, "id" | "outputs"> {
  return {
    id: (_inputs, { cloud }) => `${prefix}-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, region, id }) => ({
      ...(arnKind ? { arn: cloud.arn("ec2", region, `${arnKind}/${id}`) } : {}),
      ownerId: cloud.account,
    }),
  };
}

const ROUTE_TARGETS: Record<string, string> = {
  gatewayId: INTERNET_GATEWAY,
  natGatewayId: NAT_GATEWAY,
  vpcPeeringConnectionId: PEERING,
  vpcEndpointId: ENDPOINT,
};
const OTHER_TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "localGatewayId",
  "networkInterfaceId",
  "transitGatewayId",
];
const DESTINATIONS = [
  "destinationCidrBlock",
  "destinationIpv6CidrBlock",
  "destinationPrefixListId",
];

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

function rule(kind: string): Definition {
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

function validRoute(inputs: Props): void {
  const targets = [...Object.keys(ROUTE_TARGETS), ...OTHER_TARGETS].filter(
    (key) => at(inputs, key).length > 0,
  );
  if (targets.length !== 1) refuse(`a route needs exactly one target, not ${targets.length}`);
  const to = DESTINATIONS.filter((key) => at(inputs, key).length > 0);
  if (to.length !== 1) refuse(`a route needs exactly one destination, not ${to.length}`);
  const cidr = text(inputs, "destinationCidrBlock");
  if (cidr !== undefined) ipv4("destinationCidrBlock", cidr);
  const gateway = text(inputs, "gatewayId");
  if (gateway !== undefined && !/^(igw|vgw)-|^local$/.test(gateway)) {
    refuse(`gatewayId "${gateway}" is not an internet or VPN gateway`, "gatewayId");
  }
  const nat = text(inputs, "natGatewayId");
  if (nat !== undefined && !nat.startsWith("nat-")) {
    refuse(`natGatewayId "${nat}" is not a NAT gateway`, "natGatewayId");
  }
  const peering = text(inputs, "vpcPeeringConnectionId");
  if (peering !== undefined && !peering.startsWith("pcx-")) {
    refuse(`vpcPeeringConnectionId "${peering}" is not a peering`, "vpcPeeringConnectionId");
  }
}

function admitRoute(inputs: Props, { cloud, region }: Call): void {
  const peering = cloud
    .all(PEERING)
    .find((thing) => thing.id === text(inputs, "vpcPeeringConnectionId"));
  const table = cloud.get(ROUTE_TABLE, region, text(inputs, "routeTableId") ?? "");
  if (peering && table) {
    const ends = [peering.inputs.vpcId, peering.inputs.peerVpcId];
    if (!ends.includes(table.inputs.vpcId)) {
      refuse(`the route table's VPC is no end of ${peering.id}`, "vpcPeeringConnectionId");
    }
  }
  const cidr = text(inputs, "destinationCidrBlock");
  const vpc = table && cloud.get(VPC, region, text(table.inputs, "vpcId") ?? "");
  const local = vpc && text(vpc.inputs, "cidrBlock");
  if (cidr !== undefined && local !== undefined && cidr === local) {
    refuse(`RouteAlreadyExists: ${cidr} is the VPC's local route`, "destinationCidrBlock");
  }
}

function admitPeering(inputs: Props, { cloud, region }: Call): void {
  const mine = cloud.get(VPC, region, text(inputs, "vpcId") ?? "");
  const peer = cloud.get(
    VPC,
    text(inputs, "peerRegion") ?? region,
    text(inputs, "peerVpcId") ?? "",
  );
  if (!peer && !cloud.assumeExisting) {
    refuse(
      `peerVpcId "${text(inputs, "peerVpcId")}": no VPC of that id in ${text(inputs, "peerRegion") ?? region}`,
      "peerVpcId",
    );
  }
  const a = mine && text(mine.inputs, "cidrBlock");
  const b = peer && text(peer.inputs, "cidrBlock");
  if (a !== undefined && b !== undefined && overlap(ipv4("cidrBlock", a), ipv4("cidrBlock", b))) {
    refuse(`the VPCs to be peered overlap: ${a} and ${b}`, "peerVpcId");
  }
}

export const network: Catalogue = {
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
  [ROUTE_TABLE]: {
    forceNew: ["vpcId", "region"],
    references: [inVpc],
    ...numbered("rtb", "route-table"),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    forceNew: ["subnetId", "gatewayId", "region"],
    references: [
      { path: "subnetId", type: SUBNET, blocks: false },
      { path: "routeTableId", type: ROUTE_TABLE },
    ],
    validate: (inputs) => {
      const given = ["subnetId", "gatewayId"].filter((key) => at(inputs, key).length > 0);
      if (given.length !== 1) refuse("exactly one of subnetId, gatewayId must be given");
    },
    unique: { of: (inputs) => text(inputs, "subnetId") },
    id: (_inputs, { cloud }) => `rtbassoc-0${cloud.hex(16)}`,
  },
  "aws:ec2/route:Route": {
    forceNew: ["routeTableId", ...DESTINATIONS, "region"],
    references: [
      { path: "routeTableId", type: ROUTE_TABLE, blocks: false },
      { path: "gatewayId", type: INTERNET_GATEWAY },
      { path: "natGatewayId", type: NAT_GATEWAY },
      { path: "vpcPeeringConnectionId", type: PEERING, anyRegion: true, blocks: false },
    ],
    validate: validRoute,
    admit: admitRoute,
    unique: {
      of: (inputs) =>
        [text(inputs, "routeTableId"), ...DESTINATIONS.map((key) => text(inputs, key))].join(" "),
    },
    id: (inputs, { cloud }) => `r-${text(inputs, "routeTableId")}${cloud.hex(10)}`,
    outputs: () => ({ state: "active", origin: "CreateRoute" }),
  },
  [INTERNET_GATEWAY]: {
    forceNew: ["region"],
    references: [inVpc],
    unique: { of: (inputs) => text(inputs, "vpcId") },
    ...numbered("igw", "internet-gateway"),
  },
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": {
    forceNew: ["vpcId", "region"],
    references: [inVpc],
    ...numbered("eigw"),
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
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    forceNew: [
      "type",
      "fromPort",
      "toPort",
      "protocol",
      "cidrBlocks",
      "securityGroupId",
      "sourceSecurityGroupId",
      "self",
      "region",
    ],
    references: [
      { path: "securityGroupId", type: SECURITY_GROUP, blocks: false },
      { path: "sourceSecurityGroupId", type: SECURITY_GROUP },
    ],
    id: (_inputs, { cloud }) => `sgrule-${parseInt(cloud.hex(8), 16)}`,
    outputs: (_inputs, { cloud, old }) => ({
      securityGroupRuleId: old?.securityGroupRuleId ?? `sgr-0${cloud.hex(16)}`,
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
  [PEERING]: {
    forceNew: ["peerOwnerId", "peerRegion", "peerVpcId", "vpcId", "region"],
    references: [inVpc],
    admit: admitPeering,
    validate: (inputs) => {
      if (at(inputs, "peerRegion").length > 0 && flag(inputs, "autoAccept")) {
        refuse(
          "autoAccept cannot be used with peerRegion: the accepter's region accepts",
          "autoAccept",
        );
      }
    },
    id: (_inputs, { cloud }) => `pcx-0${cloud.hex(16)}`,
    outputs: (inputs, { cloud, old }) => ({
      acceptStatus:
        old?.acceptStatus ?? (flag(inputs, "autoAccept") ? "active" : "pending-acceptance"),
      peerOwnerId: inputs.peerOwnerId ?? cloud.account,
      peerRegion: inputs.peerRegion ?? inputs.region,
    }),
  },
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    forceNew: ["vpcPeeringConnectionId", "region"],
    references: [{ path: "vpcPeeringConnectionId", type: PEERING, anyRegion: true, blocks: false }],
    id: (inputs) => text(inputs, "vpcPeeringConnectionId") ?? "",
    outputs: (_inputs, { cloud, id }) => {
      const peering = cloud.all(PEERING).find((thing) => thing.id === id);
      return {
        acceptStatus: "active",
        vpcId: peering?.inputs.peerVpcId,
        peerVpcId: peering?.inputs.vpcId,
        peerOwnerId: cloud.account,
        peerRegion: peering?.region,
      };
    },
    admit: (inputs, { cloud, region }) => {
      const id = text(inputs, "vpcPeeringConnectionId");
      const peering = cloud.all(PEERING).find((thing) => thing.id === id);
      if (!peering) return;
      const there = text(peering.inputs, "peerRegion") ?? peering.region;
      if (there !== region) {
        refuse(`${id} is accepted in ${there}, not in ${region}`, "vpcPeeringConnectionId");
      }
      peering.state.acceptStatus = "active";
    },
  },
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": {
    forceNew: ["vpcPeeringConnectionId", "region"],
    references: [{ path: "vpcPeeringConnectionId", type: PEERING, anyRegion: true, blocks: false }],
    admit: (inputs, { cloud, region }) => {
      const id = text(inputs, "vpcPeeringConnectionId");
      const peering = cloud.all(PEERING).find((thing) => thing.id === id);
      if (!peering) return;
      if (peering.state.acceptStatus !== "active") {
        refuse(
          `${id} is not active: accept it before its options are set`,
          "vpcPeeringConnectionId",
        );
      }
      const there = text(peering.inputs, "peerRegion") ?? peering.region;
      const both = there === peering.region;
      if (!both && at(inputs, "accepter").length > 0 && region !== there) {
        refuse(`the accepter's options of ${id} are set in ${there}, not in ${region}`, "accepter");
      }
      if (!both && at(inputs, "requester").length > 0 && region !== peering.region) {
        refuse(`the requester's options of ${id} are set in ${peering.region}`, "requester");
      }
    },
    id: (inputs) => text(inputs, "vpcPeeringConnectionId") ?? "",
  },
  "aws:ec2/tag:Tag": {
    forceNew: ["resourceId", "key", "region"],
    unique: { of: (inputs) => `${text(inputs, "resourceId")},${text(inputs, "key")}` },
    id: (inputs) => `${text(inputs, "resourceId")},${text(inputs, "key")}`,
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    autoName: { property: "name", max: 128 },
    forceNew: ["name", "namePrefix", "region"],
    references: [{ path: "vpcSecurityGroupIds[]", type: SECURITY_GROUP }],
    unique: { of: (inputs) => text(inputs, "name") },
    id: (_inputs, { cloud }) => `lt-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, region, id, old }) => ({
      arn: cloud.arn("ec2", region, `launch-template/${id}`),
      defaultVersion: 1,
      latestVersion: (typeof old?.latestVersion === "number" ? old.latestVersion : 0) + 1,
    }),
    volatile: ["latestVersion"],
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
