/** An IPv4 block as numbers. `base` is an unsigned 32-bit integer. */
export interface Cidr {
  base: number;
  /** Length of the network prefix, 0 to 32. */
  prefix: number;
}

const CIDR_PATTERN = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/**
 * Reads an IPv4 block as it is written: the base may have bits set beyond the prefix.
 * Undefined when the text is no IPv4 CIDR block (an octet above 255, a prefix above 32, a leading zero).
 */
export function readCidr(text: string): Cidr | undefined {
  const parts = CIDR_PATTERN.exec(text)?.slice(1);
  if (parts === undefined || parts.some((part) => part !== String(Number(part)))) return undefined;
  const numbers = parts.map(Number);
  const prefix = numbers.pop() ?? 33;
  if (prefix > 32 || numbers.some((octet) => octet > 255)) return undefined;
  return { base: numbers.reduce((sum, octet) => sum * 256 + octet, 0), prefix };
}

/**
 * Reads an IPv4 network.
 *
 * @throws RangeError when the text is no CIDR block, or has bits set beyond its prefix.
 */
export function parseCidr(text: string): Cidr {
  const cidr = readCidr(text);
  if (cidr === undefined) throw new RangeError(`${text} is not an IPv4 CIDR block`);
  if (!isNetwork(cidr)) {
    throw new RangeError(
      `${text} is not a network address; the network is ${formatCidr(network(cidr))}`,
    );
  }
  return cidr;
}

/** The block as text, such as `10.16.0.0/16`. */
export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** Number of addresses in the block. */
export function size({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

/** The network that the block's base lies in. */
export function network(cidr: Cidr): Cidr {
  return { ...cidr, base: cidr.base - (cidr.base % size(cidr)) };
}

/** Whether no bit is set beyond the prefix. */
export function isNetwork(cidr: Cidr): boolean {
  return cidr.base % size(cidr) === 0;
}

/** Whether two blocks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  const [left, right] = [network(a), network(b)];
  return left.base < right.base + size(right) && right.base < left.base + size(left);
}

/** Whether `inner` lies wholly in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && overlaps(outer, inner);
}

/**
 * The blocks of length `prefix` that make up a block, in ascending order.
 *
 * @throws RangeError when `prefix` is shorter than the block's own or longer than 32.
 */
export function subdivide(cidr: Cidr, prefix: number): Cidr[] {
  if (prefix < cidr.prefix || prefix > 32) {
    throw new RangeError(`${formatCidr(cidr)} cannot be divided into /${prefix} blocks`);
  }
  const { base } = network(cidr);
  const step = size({ base, prefix });
  return Array.from({ length: size(cidr) / step }, (_, index) => ({
    base: base + index * step,
    prefix,
  }));
}
