import { isScalar, visit, type Document, type YAMLError } from "yaml";

/** What makes a file no YAML, in plain words. */
export interface SyntaxMistake {
  offset: number;
  words: string;
}

/** Those after which the parser still knows where it is. Any other makes echoes of itself in what is below. */
const ON_THEIR_OWN: readonly string[] = ["TAG_RESOLVE_FAILED", "BAD_DQ_ESCAPE", "BAD_ALIAS", "BAD_SCALAR_START"];

/** More than anybody mends before the next run. */
const maxMistakes = 20;

/** One mistake for each cause. Of the line its key is quoted, by which a person finds it, and never a value: that may be a secret. */
export function syntaxMistakes(document: Document.Parsed, text: string): SyntaxMistake[] {
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const first = errors.findIndex(({ code }) => !ON_THEIR_OWN.includes(code));
  const causes = first < 0 ? errors : errors.slice(0, first + 1);
  return causes.slice(0, maxMistakes).map((error) => {
    if (ON_THEIR_OWN.includes(error.code)) return { offset: error.pos[0], words: `not valid YAML: ${ofItsOwn(error)}` };
    if (error.code === "MULTIPLE_DOCS") {
      return { offset: error.pos[0], words: "the file holds several documents (---); use one" };
    }
    const sameplace = errors.filter(({ pos }) => pos[0] === error.pos[0]);
    const { offset, words } = structural(error, sameplace, document, text);
    const key = keyIn(lineAt(text, offset).line);
    const where = key === undefined ? "" : `in the line "${key}: …": `;
    return { offset, words: `not valid YAML: ${where}${words}` };
  });
}

function ofItsOwn({ code, message }: YAMLError): string {
  if (code === "BAD_DQ_ESCAPE") return "Invalid escape sequence; in double quotes a backslash is written twice";
  if (code === "BAD_SCALAR_START") return `a text that begins with ${message.at(-1)} needs quotes`;
  if (code !== "TAG_RESOLVE_FAILED") return message;
  // The library quotes the text that it doesn't understand, which may be a password without quotes.
  const tag = /(!(env|secret|vault|include|ref|file|sub)|tag:yaml\.org,2002:[a-z/]+)$/.exec(message)?.[0];
  return tag === undefined ? "Unresolved tag; a text that begins with ! needs quotes" : `Unresolved tag: ${tag}`;
}

const NO_PAIR = "expected KEY: VALUE, with a blank after the colon";

/** Where a person finds the cause, which may be before or after where the parser gave up, and what it is. */
function structural(error: YAMLError, echoes: readonly YAMLError[], document: Document.Parsed, text: string) {
  const { code, message } = error;
  const offset = error.pos[0];
  const { start, line, indent } = lineAt(text, offset);
  const isIndentation = offset <= start + indent.length;
  if (isIndentation && indent.includes("\t")) return { offset: start, words: "indented by a tab; YAML wants spaces" };
  if (/^(<{7}|={7}|>{7})/.test(line)) {
    return { offset: start, words: "two versions stand here, which git could not merge; keep one, without the marks" };
  }
  if (code === "BLOCK_AS_IMPLICIT_KEY" && message.startsWith("Nested")) {
    const below = echoes.find((echo) => echo.code === "MULTILINE_IMPLICIT_KEY");
    if (!below) return { offset, words: 'a text that holds ": " needs quotes' };
    const deeper = lineAt(text, below.pos[1]);
    const words = "indented deeper than the line above, which has a value of its own already";
    return { offset: deeper.start + deeper.indent.length, words };
  }
  const closing = /must be sufficiently indented and end with a (.)$/.exec(message)?.[1];
  if (closing !== undefined) {
    const [what, brackets] = closing === "]" ? ["a list", "[ ]"] : ["a map", "{ }"];
    return {
      offset,
      words: `the lines of ${what} in ${brackets} must be indented deeper than its key, and end with ${closing}`,
    };
  }
  const quote = /^Missing closing (["'])quote$/.exec(message)?.[1];
  if (quote !== undefined) {
    return {
      offset: lastScalar(document) ?? offset,
      words: `a text that begins with ${quote} has no closing ${quote}`,
    };
  }
  if ((code === "BAD_INDENT" && !message.startsWith("Flow")) || /block sequence|Sequence item/.test(message)) {
    const words = `indented by ${indent.length} ${indent.length === 1 ? "space" : "spaces"}, which doesn't fit the lines above; the keys of a map begin in one column, and so do the items of a list`;
    return { offset: start + indent.length, words };
  }
  return { offset, words: WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? withoutText(error) };
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Implicit (map )?keys? need/, NO_PAIR],
  [/^Flow end indicator/, "the closing bracket must be indented deeper than its key"],
  [/-end token in YAML stream/, "a closing bracket that closes nothing"],
  [/at node end$/, "more follows where a value has ended; a text with quotes in it needs others around all of it"],
  [/^Unexpected (,|empty item)/, "a comma with nothing before it"],
  [/^Missing , |^Block collections are not allowed within flow/, "a comma is missing between two entries in brackets"],
  [/^Block scalar header/, "after | or > the text begins in the next line; a text that begins so needs quotes"],
  [/^Comments must be separated/, "a comment needs a blank before its #; a text that holds # needs quotes"],
  [/directive/, "a line that begins with % is an order to YAML; a text that does needs quotes"],
];

// What the library quotes may be a password without quotes.
function withoutText({ code, message }: YAMLError): string {
  return code === "UNEXPECTED_TOKEN" ? message.replace(/: .*$/s, "") : message;
}

function lineAt(text: string, offset: number): { start: number; line: string; indent: string } {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", start);
  const line = text.slice(start, end < 0 ? undefined : end);
  return { start, line, indent: /^[ \t]*/.exec(line)?.[0] ?? "" };
}

function keyIn(line: string): string | undefined {
  return /^\s*(?:- +)*([A-Za-z][\w.-]{0,40}) *:(?=\s|$)/.exec(line)?.[1];
}

/** Where the last value of the file begins: a text without its closing quote goes on to the end. */
function lastScalar(document: Document.Parsed): number | undefined {
  let last: number | undefined;
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && node.range) last = node.range[0];
    },
  });
  return last;
}
