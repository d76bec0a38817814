import { formatCidr, parseCidr, subdivide, type Cidr } from "../config/cidr";

/** Availability zones of a region; each has one subnet of every kind. */
export const ZONE_COUNT = 3;

/**
 * CIDR blocks of a region's subnets, one per availability zone and in the zones' order. Depends on the
 * region's own CIDR only, so that adding a region never moves another one's subnets.
 */
export interface VpcPlan {
  /** The VPC's own block, a /16. */
  cidr: string;
  /** Nodes and pods: a /19 each, 8,187 usable addresses, for the VPC CNI gives every pod one. */
  private: string[];
  /** NAT gateways: a /22 each. */
  public: string[];
  /** Databases and caches, without a route to the internet: a /24 each. */
  isolated: string[];
  /** The public load balancer, dual stack: a /24 each. */
  edge: string[];
}

/** Prefix of the block that each zone's subnets are packed into; a /16 has a fourth one in reserve. */
const ZONE_PREFIX = 18;

/** Packed from the largest to the smallest, so that each starts on its own boundary. */
const SUBNET_PREFIXES = { private: 19, public: 22, isolated: 24, edge: 24 } as const;

/**
 * Plans the subnets of a region's VPC: one /18 per zone, in it a private /19, a public /22, an isolated
 * /24 and an edge /24; the rest of each /18 and the fourth /18 stay in reserve.
 *
 * @throws RangeError when the block is no /16 network.
 */
export function planVpc(cidr: string): VpcPlan {
  const vpc = parseCidr(cidr);
  if (vpc.prefix !== 16) throw new RangeError(`${cidr} is not a /16`);
  const zones = subdivide(vpc, ZONE_PREFIX).slice(0, ZONE_COUNT).map(packZone);
  return {
    cidr,
    private: zones.map((zone) => zone.private),
    public: zones.map((zone) => zone.public),
    isolated: zones.map((zone) => zone.isolated),
    edge: zones.map((zone) => zone.edge),
  };
}

function packZone(zone: Cidr): Record<keyof typeof SUBNET_PREFIXES, string> {
  let base = zone.base;
  const next = (prefix: number): string => {
    const subnet = { base, prefix };
    base += 2 ** (32 - prefix);
    return formatCidr(subnet);
  };
  return {
    private: next(SUBNET_PREFIXES.private),
    public: next(SUBNET_PREFIXES.public),
    isolated: next(SUBNET_PREFIXES.isolated),
    edge: next(SUBNET_PREFIXES.edge),
  };
}
