import type { KindDescription } from "../providers/airbyte/kinds/describe.ts";

/** An entry that has the name of an earlier one in Airbyte, in the same place. */
export interface SharedName {
  entry: string;
  /** The entry that has it already. */
  first: string;
  /** The name in Airbyte. */
  name: string;
}

/** @param entries of one section, by logical name, which is the name in Airbyte where they say no other */
export function sharedNames(
  { fields }: KindDescription,
  entries: Record<string, Record<string, unknown>>,
): SharedName[] {
  if (fields.name === undefined) return [];
  const seen = new Map<string, string>();
  return Object.entries(entries).flatMap(([entry, declared]) => {
    const { workspace, workspaceId, organizationId } = declared;
    const name = typeof declared.name === "string" ? declared.name : entry;
    const key = JSON.stringify([name, workspace ?? workspaceId, organizationId]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, entry);
    return first === undefined ? [] : [{ entry, first, name }];
  });
}
