import { isAlias, isCollection, isPair, isScalar } from "yaml";
import type { Alias, Node } from "yaml";

// A few bytes of YAML can stand for gigabytes. These limits are far above what people write, and low enough for every machine.

/** Of a file: a thousand connections are some hundred KB. */
export const maxFileBytes = 1_000_000;

/** Of maps and lists in one another. */
export const maxDepth = 100;

/** In a file. The library looks for what each one stands for among all before it. */
export const maxAliases = 5_000;

/** In characters, of what the files declare once aliases, defaults and forEach are written out. */
export const maxSize = 10_000_000;

export const tooDeep = `is nested deeper than ${maxDepth} levels`;
export const tooLarge = `more than ${maxSize / 1_000_000} MB once aliases, defaults and forEach are written out`;

/** What a value costs beside its characters. */
const valueSize = 20;

/** How large and deep a node is with its aliases written out; each must have its target, and none may contain itself. */
export function measure(
  node: unknown,
  targets: ReadonlyMap<Alias, Node>,
  measured = new Map<unknown, { size: number; depth: number }>(),
): { size: number; depth: number } {
  if (isAlias(node)) return measure(targets.get(node), targets, measured);
  if (isScalar(node)) return { size: valueSize + String(node.value).length, depth: 0 };
  if (!isCollection(node)) return { size: valueSize, depth: 0 };
  const known = measured.get(node);
  if (known) return known;
  const total = { size: valueSize, depth: 1 };
  for (const item of node.items) {
    const inner = measure(isPair(item) ? item.value : item, targets, measured);
    total.size += inner.size + (isPair(item) ? measure(item.key, targets, measured).size : 0);
    total.depth = Math.max(total.depth, inner.depth + 1);
  }
  measured.set(node, total);
  return total;
}

/** The same of plain data. */
export function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return valueSize + String(value).length;
  const own = Array.isArray(value) ? 0 : Object.keys(value).join("").length;
  return Object.values(value).reduce<number>((size, inner) => size + sizeOf(inner), valueSize + own);
}

/** What is left of `maxSize` for all files together. */
export class Room {
  #left = maxSize;

  /** Whether this still has room. */
  take(size: number): boolean {
    this.#left -= size;
    return !this.isFull;
  }

  get isFull(): boolean {
    return this.#left < 0;
  }
}

/** In characters as people count them: an emoji is one or a few, not twice as many. */
export function lengthOf(text: string): number {
  return [...text].length;
}
