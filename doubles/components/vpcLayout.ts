import { inside, ipv4, ipv4Text, overlap, type Range } from "../cidr";
import { refuse } from "../refusal";

export type SubnetKind = "Public" | "Private" | "Isolated" | "Unused";

export interface SubnetSpec {
  type: SubnetKind;
  name?: string;
  cidrMask?: number;
  size?: number;
  cidrBlocks?: string[];
  tags?: Record<string, string>;
  assignIpv6AddressOnCreation?: boolean;
}

export interface Planned {
  spec: SubnetSpec;
  /** Zone and its index. */
  zone: string;
  index: number;
  /** `<vpc>-<spec's name>-<zone's number>`. */
  name: string;
  cidrBlock: string;
}

/**
 * Where awsx puts each subnet. Specs with `cidrBlocks` are taken as they stand; without, each zone gets
 * an equal part of the VPC and the specs follow each other in it, widest first, which may overlap the
 * way the real component's own allocation does: what overlaps is refused, as EC2 would.
 *
 * @see pulumi-awsx awsx/ec2/subnetDistributorNew.ts
 */
export function layout(
  name: string,
  vpcCidr: string,
  zones: readonly string[],
  specs: readonly SubnetSpec[],
  strategy: string,
): Planned[] {
  const explicit = specs.filter((spec) => spec.cidrBlocks !== undefined);
  if (explicit.length > 0 && explicit.length < specs.length) {
    refuse("if any subnet spec has explicit cidrBlocks, all specs must have them", "subnetSpecs");
  }
  const planned = specs.flatMap((spec) =>
    zones.map((zone, index): Planned => {
      const blocks = spec.cidrBlocks;
      if (blocks !== undefined && blocks.length !== zones.length) {
        refuse(
          `the number of CIDR blocks (${blocks.length}) of a subnet spec must match the number of availability zones (${zones.length})`,
          "subnetSpecs",
        );
      }
      return {
        spec,
        zone,
        index,
        name: `${name}-${spec.name ?? spec.type.toLowerCase()}-${index + 1}`,
        cidrBlock: blocks?.[index] ?? allocated(vpcCidr, zones.length, index, spec, specs),
      };
    }),
  );
  refuseOverlaps(vpcCidr, planned);
  if (strategy === "Exact") refuseGaps(vpcCidr, planned);
  const names = planned.filter(({ spec }) => spec.type !== "Unused").map((subnet) => subnet.name);
  const twice = names.find((subnet, index) => names.indexOf(subnet) !== index);
  if (twice !== undefined) refuse(`two subnet specs have one name: ${twice}`, "subnetSpecs");
  return planned.filter(({ spec }) => spec.type !== "Unused");
}

function maskOf(spec: SubnetSpec, perZone: number, count: number): number {
  if (spec.cidrMask !== undefined) return spec.cidrMask;
  if (spec.size !== undefined) return 32 - Math.ceil(Math.log2(spec.size));
  return perZone + Math.ceil(Math.log2(count));
}

function allocated(
  vpcCidr: string,
  zones: number,
  index: number,
  spec: SubnetSpec,
  specs: readonly SubnetSpec[],
): string {
  const vpc = ipv4("cidrBlock", vpcCidr);
  const prefix = Number(vpcCidr.split("/")[1]) + Math.ceil(Math.log2(zones));
  let next = vpc.first + index * 2 ** (32 - prefix);
  for (const other of specs) {
    const mask = maskOf(other, prefix, specs.length);
    if (other === spec) return `${ipv4Text(next)}/${mask}`;
    next += 2 ** (32 - mask);
  }
  return `${ipv4Text(next)}/${prefix}`;
}

function refuseOverlaps(vpcCidr: string, planned: readonly Planned[]): void {
  const vpc = ipv4("cidrBlock", vpcCidr);
  const seen: { range: Range; subnet: Planned }[] = [];
  for (const subnet of planned) {
    // What the component's own allocation put across a boundary rounds down into its neighbour.
    const range = rounded(subnet.cidrBlock, subnet.spec.cidrBlocks !== undefined);
    if (!inside(range, vpc))
      refuse(`subnet ${subnet.name} ${subnet.cidrBlock} is outside ${vpcCidr}`);
    const other = seen.find((taken) => overlap(taken.range, range));
    if (other) {
      refuse(
        `subnets overlap: ${subnet.name} ${subnet.cidrBlock} and ${other.subnet.name} ${other.subnet.cidrBlock}`,
        "subnetSpecs",
      );
    }
    seen.push({ range, subnet });
  }
}

function rounded(cidr: string, explicit: boolean): Range {
  if (explicit) return ipv4("cidrBlocks", cidr, 16, 28);
  const [address = "0.0.0.0", mask = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(mask));
  const { first } = ipv4("cidrBlocks", `${address}/32`);
  const start = Math.floor(first / size) * size;
  return { first: start, last: start + size - 1 };
}

function refuseGaps(vpcCidr: string, planned: readonly Planned[]): void {
  const vpc = ipv4("cidrBlock", vpcCidr);
  const ranges = planned
    .map((subnet) => rounded(subnet.cidrBlock, true))
    .sort((a, b) => a.first - b.first);
  let next = vpc.first;
  for (const range of ranges) {
    if (range.first !== next) {
      refuse(
        `Exact: there are gaps in the subnets, before ${ipv4Text(range.first)}`,
        "subnetSpecs",
      );
    }
    next = range.last + 1;
  }
  if (next !== vpc.last + 1) {
    refuse(`Exact: there are gaps in the subnets, from ${ipv4Text(next)}`, "subnetSpecs");
  }
}
