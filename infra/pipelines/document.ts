import { isAlias, isMap, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node, Pair, YAMLError } from "yaml";
import type { Mistakes, Position } from "./mistakes.ts";

/** A parsed YAML file: plain data, and where in the file each part of it stands. */
export interface YamlFile {
  /** Path as shown in messages. */
  file: string;
  data: Record<string, unknown>;
  /** Position of the value at `path`, or undefined where the file has nothing there. */
  find(path: readonly PropertyKey[]): Position | undefined;
  /** Position of the value at `path`, else of the nearest thing around it. */
  near(path: readonly PropertyKey[]): Position;
}

/**
 * Parses one file whose top level is a map. Merge keys (`<<`) and aliases work. A file without content is a mistake, since it is more
 * often a file that was lost than the wish to delete everything; `sources: {}` says that one. Syntax errors, duplicate keys, unresolved tags, cyclic or excessive aliases, `__proto__` and keys that aren't text, and numbers
 * that JavaScript can't hold are added to `mistakes`; then the result is undefined.
 */
export function parseYaml(file: string, text: string, mistakes: Mistakes): YamlFile | undefined {
  const before = mistakes.size;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number | undefined): Position => {
    if (offset === undefined) return { file };
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };

  for (const problem of [...document.errors, ...document.warnings]) {
    mistakes.add(at(problem.pos[0]), [], explain(problem, text));
  }
  if (mistakes.size > before) return undefined;

  checkNodes(document, (node, words) => mistakes.add(at(node?.range?.[0]), [], words));
  if (mistakes.size > before) return undefined;

  const data = toData(document, (words) => mistakes.add({ file }, [], words));
  if (data === undefined) return undefined;
  if (data === null) {
    mistakes.add({ file }, [], "is empty; for no pipelines at all write `sources: {}`");
    return undefined;
  }
  if (typeof data !== "object" || Array.isArray(data)) {
    const found = Array.isArray(data) ? "a list" : "a single value";
    mistakes.add(at(0), [], `expected a map with sources, destinations and connections; found ${found}`);
    return undefined;
  }

  const find = (path: readonly PropertyKey[]): Position | undefined => {
    const node = locate(document, path);
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
  };
}

function explain({ code, message, pos: [start] }: YAMLError, text: string): string {
  if (code === "MULTIPLE_DOCS") return "the file holds several documents (---); use one";
  const key = code === "DUPLICATE_KEY" && /^("[^"\n]*"|'[^'\n]*'|[^\s:]+(?: [^\s:]+)*)/.exec(text.slice(start))?.[0];
  return `not valid YAML: ${key ? `the key ${key} is there already; keys of a map must be unique` : message}`;
}

type Report = (node: Node | null | undefined, words: string) => void;

function checkNodes(document: Document.Parsed, report: Report): void {
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value === null) report(key as Node | null, "a key must be text");
      else if (key.value === "__proto__") report(key, "the key __proto__ is not allowed");
    },
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "number") return;
      if (!Number.isFinite(node.value)) report(node, `${node.source ?? "the value"} is not a number that JSON knows`);
      else if (Number.isInteger(node.value) && !Number.isSafeInteger(node.value))
        report(node, `${node.source ?? "the number"} is too large to be kept exactly; put it in quotes`);
    },
    Alias(_, node, path) {
      const target = node.resolve(document);
      if (!target) report(node, `*${node.source} refers to no anchor &${node.source} above it`);
      else if (path.some((around) => around === target)) report(node, `*${node.source} contains itself`);
    },
  });
}

function toData(document: Document.Parsed, report: (words: string) => void): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    // The library's limit on aliases (100 expansions): a few bytes can otherwise stand for gigabytes.
    report(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** The node to point at for `path`: a value that is a scalar itself, and for a collection its key, which is where one looks. */
function locate(document: Document.Parsed, path: readonly PropertyKey[]): Node | undefined {
  let value: unknown = document.contents;
  let key: unknown;
  for (const step of path) {
    if (isAlias(value)) value = value.resolve(document);
    if (isMap(value)) {
      const pair = value.items.find(
        (item): item is Pair<Node, Node> => isPair(item) && keyText(item.key) === String(step),
      );
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

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
