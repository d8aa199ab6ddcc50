/** Code, where a value stands otherwise. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const WIDTH = 100;

/** A value as TypeScript, short ones on one line. */
export function codeOf(value: unknown, indent = ""): string {
  if (value instanceof Expression) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const parts = (at: string) =>
    Array.isArray(value)
      ? value.map((item) => codeOf(item, at))
      : Object.entries(value).map(([key, item]) => property(key, codeOf(item, at)));
  if (parts(inner).length === 0) return `${open}${close}`;
  const line = Array.isArray(value) ? `[${parts("").join(", ")}]` : `{ ${parts("").join(", ")} }`;
  if (line.length + indent.length <= WIDTH && !line.includes("\n")) return line;
  return `${open}\n${parts(inner)
    .map((part) => `${inner}${part},\n`)
    .join("")}${indent}${close}`;
}

function property(key: string, code: string): string {
  const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
  return name === code ? name : `${name}: ${code}`;
}
