import { randomBytes } from "node:crypto";

const START = "placeholder-";

/** A secret that opens nothing, for a trial that needs no account anywhere. */
export function newPlaceholder(): string {
  return START + randomBytes(12).toString("hex");
}

export function isPlaceholder(value: string): boolean {
  return /^[0-9a-f]{24}$/.test(value.startsWith(START) ? value.slice(START.length) : "");
}
