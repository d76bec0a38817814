/** A VPC's generated block is a /56, a subnet's is a /64 (AWS VPC guide, "IPv6 CIDR blocks"). */
const SUBNETS_IN_A_VPC = 256;

/**
 * The nth /64 of a VPC's IPv6 /56, in the short form that AWS answers with, such as
 * `2600:1f18:1234:5601::/64`.
 *
 * @throws RangeError when the block is no IPv6 /56 network, or `index` is not one of its 256 subnets.
 */
export function ipv6Subnet(block: string, index: number): string {
  const network = networkBits(block);
  if (!Number.isInteger(index) || index < 0 || index >= SUBNETS_IN_A_VPC) {
    throw new RangeError(`a /56 has no subnet ${index}`);
  }
  const groups = [48n, 32n, 16n, 0n].map((shift) => ((network + BigInt(index)) >> shift) & 0xffffn);
  while (groups.at(-1) === 0n) groups.pop();
  return `${groups.map((group) => group.toString(16)).join(":")}::/64`;
}

/** The upper 64 bits of an IPv6 /56; the lower ones are zero in a network address. */
function networkBits(block: string): bigint {
  const [address = "", prefix] = block.split("/");
  const groups = expand(address);
  if (prefix !== "56" || groups === undefined) throw new RangeError(`${block} is not an IPv6 /56`);
  const bits = groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
  const upper = bits >> 64n;
  if (bits !== upper << 64n || (upper & 0xffn) !== 0n) {
    throw new RangeError(`${block} has bits set beyond its prefix`);
  }
  return upper;
}

/** The eight groups of an address; undefined when the text is no IPv6 address in hexadecimal groups. */
function expand(address: string): number[] | undefined {
  const halves = address.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const written = halves.flat();
  const [left = [], right] = halves;
  const missing = 8 - written.length;
  if (halves.length > 2 || !written.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
    return undefined;
  }
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const zeros = Array.from({ length: missing }, () => "0");
  return [...left, ...zeros, ...(right ?? [])].map((group) => Number.parseInt(group, 16));
}
