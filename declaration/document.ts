import {
  LineCounter,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import type { Mistakes, Position } from "./mistakes.ts";
import { syntaxMistakes } from "./yaml-errors.ts";

/** A parsed YAML file: plain data, and where in the file each part of it stands. */
export interface YamlFile {
  /** Path as shown in messages. */
  file: string;
  data: Record<string, unknown>;
  /** Position of the value at `path`, or undefined where the file has nothing there. */
  find(path: readonly PropertyKey[]): Position | undefined;
  /** Position of the value at `path`, else of the nearest thing around it. */
  near(path: readonly PropertyKey[]): Position;
  /** The value at `path` as it is written, where it is a single one: `1.10`, `0x10`, `True`. */
  written(path: readonly PropertyKey[]): string | undefined;
}

/** What a file without content, or of another form, is told. */
export interface Wording {
  empty: string;
  expected: string;
}

const pipelines: Wording = {
  empty: "is empty; for no pipelines at all write `sources: {}`",
  expected: "expected a map with sources, destinations and connections",
};

/**
 * Parses one file whose top level is a map. Merge keys (`<<`) and aliases work. A file without content is a mistake, since it is more
 * often a file that was lost than the wish to delete everything; `sources: {}` says that one. Syntax errors, YAML 1.1, what
 * `checkNodes` finds, and what is larger than the limits are added to `mistakes`; then the result is undefined.
 */
export function parseYaml(file: string, text: string, mistakes: Mistakes, wording = pipelines): YamlFile | undefined {
  const before = mistakes.size;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    resolveKnownTags: false, // no dates, sets or bytes: JSON has none
    uniqueKeys: false, // checkNodes does it
  });
  const at = (offset: number | undefined): Position => {
    if (offset === undefined) return { file };
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };

  if (document.directives.yaml.version === "1.1") {
    mistakes.add(
      at(0),
      [],
      "is YAML 1.1, in which no and 1:30 are no text; leave out the line %YAML: all files are YAML 1.2",
    );
    return undefined;
  }
  const exhausted = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted) mistakes.add(at(exhausted.pos[0]), [], tooDeep);
  else for (const { offset, words } of syntaxMistakes(document, text)) mistakes.add(at(offset), [], words);
  if (mistakes.size > before) return undefined;

  const targets = checkNodes(document, (node, words) => mistakes.add(at(node?.range?.[0]), [], words));
  if (mistakes.size > before) return undefined;

  if (targets.size > maxAliases) mistakes.add({ file }, [], `has more than ${maxAliases} aliases (*NAME)`);
  const { size, depth } = measure(document.contents, targets);
  if (depth > maxDepth) mistakes.add({ file }, [], tooDeep);
  if (size > maxSize) mistakes.add({ file }, [], `stands for ${tooLarge}`);
  if (mistakes.size > before) return undefined;

  // `measure` has made sure that aliases don't stand for too much.
  const data: unknown = document.toJS({ maxAliasCount: -1 });
  if (data === null) {
    mistakes.add({ file }, [], wording.empty);
    return undefined;
  }
  if (typeof data !== "object" || Array.isArray(data)) {
    const found = Array.isArray(data) ? "a list" : "a single value";
    mistakes.add(at(0), [], `${wording.expected}; found ${found}`);
    return undefined;
  }

  const locator = new Locator(document, targets);
  const find = (path: readonly PropertyKey[]): Position | undefined => {
    const node = locator.locate(path);
    return node && at(node.range?.[0]);
  };
  return {
    file,
    data: data as Record<string, unknown>,
    find,
    near(path) {
      for (let length = path.length; length > 0; length--) {
        const found = find(path.slice(0, length));
        if (found) return found;
      }
      return { file, line: 1, column: 1 };
    },
    written(path) {
      const value = locator.valueAt(path);
      return isScalar(value) ? value.source : undefined;
    },
  };
}

type Report = (node: Node | null | undefined, words: string) => void;

/** What each alias stands for. */
export type Targets = ReadonlyMap<Alias, Node>;

/**
 * Reports what YAML allows and JSON, or this project, does not: keys that aren't text or are there twice, `__proto__`, numbers that
 * JavaScript can't hold, halves of characters, and aliases of nothing or of what they are in. No value is quoted: it may be a secret.
 */
export function checkNodes(document: Document.Parsed, report: Report): Targets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const remember = (node: Node & { anchor?: string | undefined }) => {
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
  };
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value === null) report(key as Node | null, "a key must be text");
      else if (key.value === "__proto__") report(key, "the key __proto__ is not allowed");
      else if (typeof key.value === "symbol" && !isMergeable(value, anchors)) {
        report(key, "<< takes a map, or a list of maps");
      }
    },
    Map(_, node) {
      remember(node);
      checkUnique(node.items, report);
    },
    Seq(_, node) {
      remember(node);
    },
    Scalar(key, node) {
      remember(node);
      if (typeof node.value === "string" && /\p{Surrogate}/u.test(node.value)) {
        report(node, "holds half a character (a surrogate without its other half), which no other program can read");
      }
      if (key === "key" || typeof node.value !== "number") return;
      if (node.value === 0)
        node.value = 0; // of -0 too, which JSON doesn't know
      else if (!Number.isFinite(node.value))
        report(node, `${/^[-+]?\.\w{3}$/.exec(node.source ?? "")?.[0] ?? "the value"} is not a number that JSON knows`);
      else if (Number.isInteger(node.value) && !Number.isSafeInteger(node.value))
        report(node, "the number is too large to be kept exactly; put it in quotes");
    },
    Alias(_, node, path) {
      // As YAML wants it, the last anchor of the name above; the library finds it by a walk through the whole document each time.
      const target = anchors.get(node.source);
      if (!target)
        report(node, "an alias (*NAME) refers to no anchor (&NAME) above it; a text that begins with * needs quotes");
      else if (path.some((around) => around === target)) report(node, `*${node.source} contains itself`);
      else targets.set(node, target);
    },
  });
  return targets;
}

function isMergeable(value: unknown, anchors: ReadonlyMap<string, Node>, inList = false): boolean {
  // An alias of nothing is reported where it stands.
  if (isAlias(value)) return !anchors.has(value.source) || isMergeable(anchors.get(value.source), anchors, inList);
  if (isSeq(value) && !inList) return value.items.every((item) => isMergeable(item, anchors, true));
  return isMap(value);
}

/** Not the library's own check, which compares each key with every other, and takes 1 and "1" for two keys. */
function checkUnique(pairs: readonly Pair[], report: Report): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    const text = keyText(key);
    if (text === undefined) continue;
    const shown = /^[\w$-]+$/.test(text) ? text : JSON.stringify(text);
    if (seen.has(text))
      report(key as Node, `not valid YAML: the key ${shown} is there already; keys of a map must be unique`);
    seen.add(text);
  }
}

/** Finds nodes by the path of their value. */
export class Locator {
  readonly #pairs = new Map<unknown, Map<string, Pair>>();
  readonly #contents: unknown;
  readonly #targets: Targets;

  constructor(document: Document.Parsed, targets: Targets) {
    this.#contents = document.contents;
    this.#targets = targets;
  }

  /** The node to point at for `path`: a value that is a scalar itself, and for a collection its key, which is where one looks. */
  locate(path: readonly PropertyKey[]): Node | undefined {
    const found = this.#find(path);
    if (!found) return undefined;
    const { key, value } = found;
    const scalar = isScalar(value) && value.value !== null;
    return ((scalar ? value : (key ?? value)) as Node | null) ?? undefined;
  }

  /** The value itself: what an alias stands for. */
  valueAt(path: readonly PropertyKey[]): unknown {
    const value = this.#find(path)?.value;
    return isAlias(value) ? this.#targets.get(value) : value;
  }

  #find(path: readonly PropertyKey[]): { key: unknown; value: unknown } | undefined {
    let value: unknown = this.#contents;
    let key: unknown;
    for (const step of path) {
      if (isAlias(value)) value = this.#targets.get(value);
      if (isMap(value)) {
        const pair = this.#pairsOf(value).get(String(step));
        if (!pair) return undefined;
        ({ key, value } = pair);
      } else {
        const items = (value as { items?: unknown[] } | null)?.items;
        if (!items || typeof step !== "number" || step >= items.length) return undefined;
        [key, value] = [undefined, items[step]];
      }
    }
    return { key, value };
  }

  #pairsOf(map: { items: unknown[] }): Map<string, Pair> {
    let pairs = this.#pairs.get(map);
    if (!pairs) {
      pairs = new Map(
        map.items.filter(isPair).flatMap((pair) => {
          const text = keyText(pair.key);
          return text === undefined ? [] : [[text, pair] as const];
        }),
      );
      this.#pairs.set(map, pairs);
    }
    return pairs;
  }
}

/** undefined for a merge key (`<<`) too, which is a symbol, and may be there more than once. */
function keyText(key: unknown): string | undefined {
  return isScalar(key) && typeof key.value !== "symbol" ? String(key.value) : undefined;
}

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
