import { randomUUID } from "node:crypto";
import { pulumiCommand } from "../errors/user-error.ts";
import { nearest } from "../errors/nearest.ts";
import type { Values } from "../settings/values.ts";

/** A piece of a string: plain text, or a reference to a value of the stack's configuration. */
export type Part = { text: string } | { kind: ReferenceKind; name: string; isFirst?: true };

export type ReferenceKind = "secret" | "config" | "number" | "boolean";

const kinds: readonly ReferenceKind[] = ["secret", "config", "number", "boolean"];
const forms =
  "${secret:NAME}, ${config:NAME}, ${number:NAME}, ${boolean:NAME}, each as ${first:secret:NAME} too, and ${stored}; $${ is a literal ${";

/**
 * Placeholders that Airbyte itself fills in (namespaceFormat, and the path formats of file destinations); they are left as they are.
 * Other upper-case names are refused: they are more often a hope for environment variables, and would end as literal text.
 */
const airbytes = new Set(
  "SOURCE_NAMESPACE NAMESPACE STREAM_NAME YEAR MONTH DAY HOUR MINUTE SECOND MILLISECOND EPOCH UUID".split(" "),
);

/** Takes a string apart. Each form that isn't known is reported, and left out. */
export function parseReferences(text: string, fail: (text: string) => void): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\$\{|\$\{([^}]*)(\}?)/g)) {
    parts.push({ text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const inner = match[1];
    if (inner === undefined) parts.push({ text: "${" });
    else if (match[2] === "")
      fail(`${isMeant(inner) ? `\${${inner}` : "a ${"} has no closing }; $\${ is a literal \${`);
    else if (airbytes.has(inner) || inner === "stored") parts.push({ text: match[0] });
    else parts.push(...parseReference(inner, fail));
  }
  parts.push({ text: text.slice(end) });
  return parts.filter((part) => !("text" in part) || part.text !== "");
}

function parseReference(inner: string, fail: (text: string) => void): Part[] {
  if (inner.startsWith("first:")) {
    const parts = parseReference(inner.slice("first:".length), fail);
    return parts.map((part) => ({ ...part, isFirst: true }));
  }
  const [form = "", ...rest] = inner.split(":");
  const name = rest.join(":");
  const kind = kinds.find((known) => known === form);
  if (kind && /^[A-Za-z_][\w.-]*$/.test(name)) return [{ kind, name }];
  if (kind) fail(`\${${inner}} needs a name of letters, digits, _ . or -, such as \${${form}:warehousePassword}`);
  else if (/^each\b/.test(inner)) fail(`\${${inner}} works only in an entry with forEach`);
  else {
    const guess = rest.length > 0 ? nearest(form, kinds) : undefined;
    const hint = guess === undefined ? "" : `; did you mean \${${guess}:${name}}?`;
    fail(`\${${isMeant(inner) ? inner : "…"}} is not known${hint} (known: ${forms})`);
  }
  return [];
}

/** What looks like a reference is quoted, for a person to find it; anything else may be a piece of a password, which no message tells. */
function isMeant(inner: string): boolean {
  return /^([A-Z][A-Z0-9_]*|[A-Za-z]+:[\w.-]*)$/.test(inner);
}

/**
 * Replaces references in strings. Plain values are put in place at once. A string with a secret becomes a token, one opaque string,
 * so that everything can be checked as text; `reveal` puts the secret in place afterwards.
 */
export class References {
  // Unguessable, so that no text of the user's can pass for a token.
  readonly #prefix = randomUUID();
  readonly #sealed: unknown[] = [];
  readonly #values: Values;
  readonly #join: (parts: unknown[]) => unknown;

  readonly #first: (value: unknown) => unknown;

  /**
   * @param join joins the parts of a longer string, of which some are secrets
   * @param first marks a value that only a creation uses
   */
  constructor(
    values: Values,
    join: (parts: unknown[]) => unknown,
    first: (value: unknown) => unknown = (value) => value,
  ) {
    this.#first = first;
    this.#values = values;
    this.#join = join;
  }

  resolve(text: string, fail: (text: string) => void): unknown {
    const parts = parseReferences(text, fail);
    const first = parts[0];
    if (first && parts.length === 1 && !("text" in first)) {
      const value = this.#value(first, fail);
      if (first.isFirst) return this.#seal(this.#first(value));
      return first.kind === "secret" ? this.#seal(value) : value;
    }
    if (parts.some((part) => "kind" in part && part.isFirst)) fail("${first:…} stands alone, as a whole value");
    const resolved = parts.map((part) => ("text" in part ? part.text : this.#value(part, fail)));
    const secret = parts.some((part) => "kind" in part && part.kind === "secret");
    return secret ? this.#seal(this.#join(resolved)) : resolved.join("");
  }

  /** Whether `resolve` gave a token. */
  isSealed(value: unknown): value is string {
    return typeof value === "string" && value.startsWith(this.#prefix);
  }

  /** A message that may quote a token, which says nothing to anybody. */
  inWords(text: string): string {
    return text.replaceAll(new RegExp(`"?${this.#prefix}\\d+"?`, "g"), "a secret");
  }

  /** Every secret that was sealed. */
  get sealed(): readonly unknown[] {
    return this.#sealed;
  }

  /**
   * The secret behind a token; any other value as it is.
   *
   * @param secrets what stands for each of `sealed`
   */
  reveal(value: string, secrets: readonly unknown[] = this.#sealed): unknown {
    return this.isSealed(value) ? secrets[Number(value.slice(this.#prefix.length))] : value;
  }

  #seal(value: unknown): string {
    return `${this.#prefix}${this.#sealed.push(value) - 1}`;
  }

  #value(part: { kind: ReferenceKind; name: string }, fail: (text: string) => void): unknown {
    const { kind, name } = part;
    try {
      const plain = kind === "secret" ? undefined : this.#values.config(name);
      const value = kind === "secret" ? this.#values.secret(name) : plain;
      if (value === undefined) {
        const guess = nearest(name, this.#values.names?.() ?? []);
        const hint = guess === undefined ? "" : `; did you mean "${guess}"?`;
        const flag = kind === "secret" ? "--secret " : "";
        const what = kind === "secret" ? "secret" : "configuration value";
        fail(`the stack has no ${what} "${name}"${hint} (to set it: ${pulumiCommand(`config set ${flag}${name}`)})`);
        return "";
      }
      return kind === "secret" || kind === "config" ? value : convert(kind, name, plain ?? "");
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
      return "";
    }
  }
}

function convert(kind: "number" | "boolean", name: string, text: string): number | boolean {
  if (kind === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (kind === "number" && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text) + 0; // of -0 too, which JSON doesn't know
  const expected = kind === "number" ? "a number" : "true or false";
  throw new Error(`the configuration value "${name}" should be ${expected}; found ${JSON.stringify(text)}`);
}
