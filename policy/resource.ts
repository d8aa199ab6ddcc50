/** A resource as a policy sees it: what a program declares, secrets in plain text. */
export interface Resource {
  type: string;
  /** Name in the program. */
  name: string;
  props: Record<string, unknown>;
}

/** A map, or an empty one in place of anything else. */
export function map(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A list; a single value counts as a list of one. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** AWS providers take `true` and, in launch templates, `"true"`. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
