import { isAlias, isMap, isPair, isScalar, isSeq, visit } from "yaml";
import type { Alias, Document, Node, Pair } from "yaml";

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
    const scalar = isScalar(value) && value.value !== null;
    return ((scalar ? value : (key ?? value)) as Node | null) ?? undefined;
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
