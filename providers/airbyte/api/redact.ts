import { Quotations } from "../../../specification/quotations.ts";
import { HARMLESS, possibleSecrets } from "./harmless.ts";

/** Blanks secret values out of text that a person will read: error messages and log lines. */
export class Redactor {
  readonly #quotations = new Quotations();

  /** Remembers a secret, or every string in a structure of secrets, and each longer line of it. */
  add(secret: unknown): this {
    for (const value of strings(secret)) {
      if (!isRare(value)) continue;
      this.#quotations.add(value);
      for (const line of value.split("\n"))
        if (line.trim().length >= 8 && isRare(line.trim())) this.#quotations.add(line.trim());
    }
    return this;
  }

  /** The text with every remembered secret replaced by `[secret]`, in whatever encoding a server may quote it. */
  text(text: string): string {
    return this.#quotations.blank(text, "[secret]");
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
