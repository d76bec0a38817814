import { refuse } from "./refusal";

/** First and last address of an IPv4 block. */
export interface Range {
  first: number;
  last: number;
}

/** Refuses what AWS calls an invalid CIDR block: bad shape, prefix out of `[shortest, longest]`, host bits set. */
export function ipv4(property: string, cidr: string, shortest = 0, longest = 32): Range {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const parts = (match ?? []).slice(1).map(Number);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = parts;
  if (match === null || [a, b, c, d].some((octet) => octet > 255) || prefix > 32) {
    refuse(`${property} "${cidr}" is not a valid IPv4 CIDR block`, property);
  }
  if (prefix < shortest || prefix > longest) {
    refuse(
      `${property} "${cidr}": InvalidRange: the block must be between /${shortest} and /${longest}`,
      property,
    );
  }
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  if (first % size !== 0) {
    refuse(`${property} "${cidr}" is not a network address: it has host bits set`, property);
  }
  return { first, last: first + size - 1 };
}

export function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function inside(inner: Range, outer: Range): boolean {
  return inner.first >= outer.first && inner.last <= outer.last;
}

export function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
