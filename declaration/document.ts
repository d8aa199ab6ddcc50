import { LineCounter, parseDocument } from "yaml";
import type { Document, YAMLError } from "yaml";
import { maxAliases, maxDepth, maxSize, measure, tooDeep, tooLarge } from "./limits.ts";
import type { Mistakes, Position } from "./mistakes.ts";
import { checkNodes, Locator } from "./yaml-nodes.ts";

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

/** What a file without content, or of another form, is told. */
export interface Wording {
  empty: string;
  expected: string;
}

const pipelines: Wording = {
  empty: "is empty; for no pipelines at all write `sources: {}`",
  expected: "expected a map with sources, destinations and connections",
};

/** After so many the rest of a file's syntax errors are echoes of the first. */
const maxSyntaxErrors = 20;

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

  for (const [position, words] of syntaxErrors(document, at)) mistakes.add(position, [], words);
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
  };
}

function syntaxErrors(document: Document.Parsed, at: (offset: number) => Position): [Position, string][] {
  if (document.directives.yaml.version === "1.1") {
    return [[at(0), "is YAML 1.1, in which no and 1:30 are no text; leave out the line %YAML: all files are YAML 1.2"]];
  }
  const problems: YAMLError[] = [...document.errors, ...document.warnings];
  const exhausted = problems.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted) return [[at(exhausted.pos[0]), tooDeep]];
  return problems.slice(0, maxSyntaxErrors).map((problem) => [at(problem.pos[0]), explain(problem)]);
}

function explain({ code, message }: YAMLError): string {
  if (code === "MULTIPLE_DOCS") return "the file holds several documents (---); use one";
  return `not valid YAML: ${withoutText(code, message)}`;
}

// The library quotes the text that it doesn't understand, which may be a password without quotes.
function withoutText(code: YAMLError["code"], message: string): string {
  if (code === "UNEXPECTED_TOKEN") return message.replace(/: .*$/s, "");
  if (code === "BAD_DQ_ESCAPE") return "Invalid escape sequence; in double quotes a backslash is written twice";
  if (code !== "TAG_RESOLVE_FAILED") return message;
  const tag = /(!(env|secret|vault|include|ref|file|sub)|tag:yaml\.org,2002:[a-z/]+)$/.exec(message)?.[0];
  return tag === undefined ? "Unresolved tag; a text that begins with ! needs quotes" : `Unresolved tag: ${tag}`;
}
