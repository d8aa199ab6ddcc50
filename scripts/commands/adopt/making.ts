import { isMap } from "../../../declaration/walk.ts";
import type { Json } from "../../../providers/airbyte/api/types.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import type { Entry } from "./model.ts";
import type { Names } from "./names.ts";
import type { Secrets } from "./secrets.ts";

/** What a declaration is made with. */
export interface Making {
  airbyte: Pick<Context, "api" | "connectors">;
  /** The workspace of entries that name none. */
  stackWorkspaceId: string;
  names: Names;
  secrets: Secrets;
  /** Configurations that show secrets in plain, by the object's id. */
  known: ReadonlyMap<string, Json>;
}

/** Settings and notes of an entry, or why there is none. */
export type Made = Pick<Entry, "settings" | "notes"> | { why: string };

/** Where an entry says that it is: nothing in the stack's own workspace, unless that one is declared too. */
export function placeOf(workspaceId: string, { names, stackWorkspaceId }: Making): Record<string, unknown> {
  const workspace = names.of("workspaces", workspaceId);
  if (workspace !== undefined) return { workspace };
  return workspaceId === stackWorkspaceId || workspaceId === "" ? {} : { workspaceId };
}

/** The name in Airbyte, where it isn't the entry's. */
export function nameIn(display: string, name: string): Record<string, unknown> {
  return display === name ? {} : { name: display };
}

/** Airbyte shows what isn't set as null. */
export function withoutNulls(object: object): Record<string, unknown> {
  const entries = Object.entries(object).filter(([, value]) => value !== null && value !== undefined);
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isMap(value) ? withoutNulls(value) : value;
  };
  return Object.fromEntries(entries.map(([key, value]) => [key, inner(value)]));
}
