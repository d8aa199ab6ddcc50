const PLACE = "[secret]";
// Shorter values are no secrets, and blanking every "a" would make a message unreadable.
const SHORTEST = 3;

/** Blanks secret values out of text that a person will read: error messages and log lines. */
export class Redactor {
  readonly #values = new Set<string>();

  /** Remembers a secret, or every string in a structure of secrets, in each form in which a server may quote it. */
  add(secret: unknown): this {
    for (const value of strings(secret)) {
      if (value.length < SHORTEST) continue;
      this.#values.add(value);
      this.#values.add(JSON.stringify(value).slice(1, -1));
      this.#values.add(encodeURIComponent(value));
      for (const line of value.split("\n")) if (line.trim().length >= 8) this.#values.add(line.trim());
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
    return strings(JSON.parse(text));
  } catch {
    return [];
  }
}
