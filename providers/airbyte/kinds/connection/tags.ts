import type { Tag } from "../tag/calls.ts";
import type { JsonObject } from "../../api/types.ts";
import { UserError } from "../../../../errors/user-error.ts";
import type { Context } from "../../lifecycle/handler.ts";

/** A tag of a connection: its id, or all of it as Airbyte's API wants it: `{tagId, workspaceId, name, color}`. */
export type TagInput = string | JsonObject;

/** What a tag is compared by. */
export function tagId(tag: TagInput): unknown {
  return typeof tag === "string" ? tag : (tag.tagId ?? tag);
}

/** What the server has, the way it is declared: ids where only ids are. */
export function tagsSeenThrough(declared: readonly TagInput[], actual: unknown): unknown {
  const onlyIds = declared.every((tag) => typeof tag === "string");
  return onlyIds && Array.isArray(actual) ? (actual as JsonObject[]).map(tagId) : actual;
}

/** Airbyte takes nothing but whole tags: what is declared by id is filled in from the workspace's list. */
export async function wholeTags(
  tags: readonly TagInput[],
  { workspaceId, name }: { workspaceId: string; name: string },
  { api }: Context,
): Promise<JsonObject[]> {
  if (tags.every((tag) => typeof tag !== "string")) return [...tags];
  const known = await api.objects.tags.list({ workspaceId });
  return tags.map((tag) => {
    if (typeof tag !== "string") return tag;
    const found = known.find(({ id }) => id === tag);
    if (found) return whole(found);
    const list = known.map((other) => `${other.id} (${other.name})`).join(", ") || "none";
    throw new UserError(`connection "${name}": its workspace has no tag ${tag}; it has: ${list}.`, {
      next: `a tag must be of the connection's own workspace (${workspaceId}).`,
    });
  });
}

function whole({ id, workspaceId, name, color }: Tag): JsonObject {
  return { tagId: id, workspaceId, name, color };
}
