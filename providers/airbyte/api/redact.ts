import { HARMLESS, possibleSecrets } from "./harmless.ts";

const PLACE = "[secret]";

/** Blanks secret values out of text that a person will read: error messages and log lines. */
export class Redactor {
  readonly #values = new Set<string>();

  /** Remembers a secret, or every string in a structure of secrets, in each form in which a server may quote it. */
  add(secret: unknown): this {
    for (const value of strings(secret)) {
      if (!isRare(value)) continue;
      this.#values.add(value);
      this.#values.add(JSON.stringify(value).slice(1, -1));
      this.#values.add(encodeURIComponent(value));
      for (const line of value.split("\n"))
        if (line.trim().length >= 8 && isRare(line.trim())) this.#values.add(line.trim());
    }
    return this;
  }

  /** The text with every remembered secret replaced by `[secret]`. */
  text(text: string): string {
    let result = text;
    for (const value of [...this.#values].sort((a, b) => b.length - a.length)) {
      result = result.split(value).join(PLACE);
    }
    return result;
  }
}

/**
 * Whether a value is long and rare enough to be a secret: what stands in messages by chance would make them unreadable, and tell the
 * secret by its absence. That is one of 8 characters or more, or of 6 where they aren't all letters; and no word
 * that messages themselves are made of.
 *
 * Where nothing says that a value is a secret but that its key isn't known to be harmless, `possibleSecrets` wants more of it.
 */
export function isRare(value: string): boolean {
  return value.length >= (/^\p{L}+$/u.test(value) ? 8 : 6) && !COMMON.has(value.toLowerCase());
}

// Words of Airbyte, of connectors and of their errors, and what many take for a password (those that are too short anyway left out).
const COMMON = new Set([
  ...HARMLESS,
  ...`administrator application authentication authorization bigquery certificate configuration connection connector credentials
      default_user definition destination development directory document documentation elasticsearch encryption exception incremental
      information internal localhost metadata operation organization password passwords permission postgres postgresql production
      redshift required resource response salesforce schedule snowflake spreadsheet standard transaction undefined verify-ca verify-full
      workspaces 123456 12345678 127.0.0.1 0.0.0.0`.split(/\s+/),
]);

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value, ...insideJson(value)];
  if (Array.isArray(value)) return value.flatMap(strings);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(strings);
  return [];
}

// A service account arrives as one string of JSON, and a server may quote only the private key in it.
function insideJson(text: string): string[] {
  if (!text.trimStart().startsWith("{")) return [];
  try {
    return possibleSecrets(JSON.parse(text));
  } catch {
    return [];
  }
}
