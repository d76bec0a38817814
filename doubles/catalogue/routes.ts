import { ipv4 } from "../cidr";
import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, type Props, text } from "../values";
import { INTERNET_GATEWAY, NAT_GATEWAY, SUBNET, VPC, inVpc, numbered } from "./vpc";
import { PEERING } from "./vpcPeering";

export const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";

/** Of these a route names exactly one. */
const TARGETS = [
  "gatewayId",
  "natGatewayId",
  "vpcPeeringConnectionId",
  "vpcEndpointId",
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

function validRoute(inputs: Props): void {
  const targets = TARGETS.filter((key) => at(inputs, key).length > 0);
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

export const routes: Catalogue = {
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
};
