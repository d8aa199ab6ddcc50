import { isIP } from "node:net";

/** A block of addresses, first and last included. */
interface Block {
  first: bigint;
  last: bigint;
}

/**
 * How much of the internet may come in before it counts as all of it: a sixteenth of IPv4 is far above what any company, country's
 * provider or cloud has; of IPv6, a /16 of what is given out at all (2000::/3), where the largest providers have a /19.
 */
const limits = { 4: 1n << 28n, 6: 1n << 112n };

const given = { 4: block(0n, 0, 32), 6: block(0x2000n << 112n, 3, 128) };

/** Whether these blocks together let in a large part of the internet, however they are cut and written. What is no block isn't counted. */
export function isWorld(cidrs: readonly string[]): boolean {
  return ([4, 6] as const).some((version) => {
    const blocks = cidrs.flatMap((cidr) => parse(cidr, version) ?? []).map((each) => common(each, given[version]));
    return size(blocks) > limits[version];
  });
}

/** A block as AWS takes it: an address, and how many of its first bits count. */
export function isCidr(cidr: string): boolean {
  return parse(cidr, 4) !== undefined || parse(cidr, 6) !== undefined;
}

function parse(cidr: string, version: 4 | 6): Block | undefined {
  const [address = "", bits = "", ...rest] = cidr.trim().split("/");
  const width = version === 4 ? 32 : 128;
  if (rest.length > 0 || isIP(address) !== version || !/^\d{1,3}$/.test(bits) || Number(bits) > width) return undefined;
  return block(version === 4 ? numberOf(address.split("."), 10, 8n) : ipv6(address), Number(bits), width);
}

/** `URL` knows every way to write an address, such as `::ffff:10.0.0.7`; a zone (`%eth0`) is none for it, nor here. */
function ipv6(address: string): bigint {
  const plain = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? "";
  const [before = "", after] = plain.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const groups = [
    ...before,
    ...Array<string>(after ? 8 - before.length - after.length : 0).fill("0"),
    ...(after ?? []),
  ];
  return numberOf(groups, 16, 16n);
}

function numberOf(parts: string[], base: 10 | 16, bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(parseInt(part, base)), 0n);
}

function block(address: bigint, bits: number, width: number): Block {
  const free = BigInt(width - bits);
  const first = (address >> free) << free;
  return { first, last: first + (1n << free) - 1n };
}

/** Empty (its end before its start) where they have nothing in common. */
function common(a: Block, b: Block): Block {
  return { first: a.first > b.first ? a.first : b.first, last: a.last < b.last ? a.last : b.last };
}

/** How many addresses are in at least one of them. */
function size(blocks: Block[]): bigint {
  let counted = -1n;
  let total = 0n;
  for (const { first, last } of blocks.toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    const from = first > counted ? first : counted + 1n;
    if (last < from) continue;
    total += last - from + 1n;
    counted = last;
  }
  return total;
}
