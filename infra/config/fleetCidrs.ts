import { type Cidr, formatCidr, isNetwork, network, overlaps, parseCidr, readCidr } from "./cidr";
import type { OperatorErrorArgs } from "./errors";
import type { Fleet } from "./fleet";

/** Length of every region's prefix; the subnet plan divides a /16. */
const VPC_PREFIX = 16;

/** Range of the clusters' service addresses, which pods must not confuse with a VPC's. */
export const SERVICE_CIDR = "172.20.0.0/16";

/** An API block wider than this is the internet in pieces. */
const WIDEST_API_PREFIX = 8;

/** Every region's block is a network of the right size that overlaps nothing. */
export function checkRegionCidrs(fleet: Fleet, file: string): OperatorErrorArgs[] {
  return [...checkShapes(fleet, file), ...checkOverlaps(fleet, file)];
}

function checkShapes({ regions }: Fleet, file: string): OperatorErrorArgs[] {
  return Object.entries(regions).flatMap(([region, { cidr: value }]) => {
    const key = `${file}: regions.${region}.cidr`;
    const cidr = readCidr(value);
    if (cidr === undefined) return [noCidr(key, value, "10.16.0.0/16")];
    if (cidr.prefix !== VPC_PREFIX) {
      const rule = `a region's CIDR is a /${VPC_PREFIX}: three zones of a /18 each, the rest in reserve`;
      const whole = formatCidr(network({ ...cidr, prefix: VPC_PREFIX }));
      return [{ key, value, rule, fix: `write ${whole} if nothing else uses it` }];
    }
    return isNetwork(cidr) ? [] : [hostBits(key, value, cidr)];
  });
}

function checkOverlaps({ regions }: Fleet, file: string): OperatorErrorArgs[] {
  const taken: { owner: string; cidr: Cidr }[] = [
    { owner: `the clusters' services (${SERVICE_CIDR})`, cidr: parseCidr(SERVICE_CIDR) },
  ];
  const problems: OperatorErrorArgs[] = [];
  for (const [region, { cidr: value }] of Object.entries(regions)) {
    const cidr = readCidr(value);
    if (cidr === undefined) continue;
    const other = taken.find((entry) => overlaps(entry.cidr, cidr));
    if (other !== undefined) {
      problems.push({
        key: `${file}: regions.${region}.cidr`,
        value,
        rule: `regions are peered, so a region's CIDR overlaps nothing else's; this one overlaps ${other.owner}`,
        fix: `give ${region} a /${VPC_PREFIX} that nothing uses, such as ${freeCidr(regions)}`,
      });
    }
    taken.push({ owner: `${region}'s (${value})`, cidr });
  }
  return problems;
}

/** The first /16 of 10.0.0.0/8, from 10.16 up, that no region touches. */
export function freeCidr(regions: Fleet["regions"]): string {
  const used = Object.values(regions).flatMap(({ cidr }) => readCidr(cidr) ?? []);
  const candidates = Array.from({ length: 240 }, (_, index) => `10.${index + 16}.0.0/16`);
  const free = candidates.find(
    (candidate) => !used.some((cidr) => overlaps(cidr, parseCidr(candidate))),
  );
  return free ?? "one of 192.168.0.0/16";
}

/** The EKS API endpoints are open to networks that an operator names, never to everyone. */
export function checkApiCidrs({ apiAllowedCidrs }: Fleet, file: string): OperatorErrorArgs[] {
  return apiAllowedCidrs.flatMap((value, index): OperatorErrorArgs[] => {
    const key = `${file}: apiAllowedCidrs[${index}]`;
    const cidr = readCidr(value);
    if (cidr === undefined) return [noCidr(key, value, "198.18.7.0/24")];
    if (cidr.prefix < WIDEST_API_PREFIX) {
      const rule = `the EKS API is never open to the whole internet: a block of /${WIDEST_API_PREFIX} or narrower`;
      const fix = "list the addresses of your VPN and CI runners instead";
      return [{ key, value, rule, fix }];
    }
    return isNetwork(cidr) ? [] : [hostBits(key, value, cidr)];
  });
}

function hostBits(key: string, value: string, cidr: Cidr): OperatorErrorArgs {
  const rule = `must be a network address: no bit set beyond the /${cidr.prefix}`;
  return { key, value, rule, fix: `write ${formatCidr(network(cidr))}` };
}

function noCidr(key: string, value: string, example: string): OperatorErrorArgs {
  const rule = `must be an IPv4 CIDR block such as ${example}`;
  return { key, value, rule, fix: "write four numbers up to 255 and a prefix up to 32" };
}
