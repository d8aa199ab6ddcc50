import { randomUUID } from "node:crypto";
import { isObject, type JsonObject } from "../json.ts";
import { badRequest, notFound, Problem } from "../problems.ts";
import type { Connection, Tag, Workspace } from "../state.ts";
import { deleteActor } from "./actors.ts";
import { findWorkspace, type Platform } from "./platform.ts";

/** The open-source Airbyte has one organization and puts every workspace into it, whatever the request says. */
export function createWorkspace(
  { store }: Pick<Platform, "store">,
  given: { name: string; region?: string | null | undefined; notifications?: JsonObject | null | undefined },
): Workspace {
  const organization = store.organizations.all()[0];
  if (!organization) throw new Error("The installation has no organization");
  return store.workspaces.put({
    id: randomUUID(),
    organizationId: organization.id,
    name: given.name,
    region: given.region ?? "auto",
    notifications: given.notifications ?? {},
    deleted: false,
    createdAt: Date.now(),
  });
}

/** Takes the workspace's sources and destinations down with it, and so its connections. */
export function deleteWorkspace(platform: Platform, id: string): void {
  const { store } = platform;
  const workspace = findWorkspace(platform, id);
  for (const actor of [...store.destinations.all(), ...store.sources.all()]) {
    if (actor.workspaceId === id && !actor.deleted) deleteActor(platform, actor.kind, actor.id);
  }
  store.workspaces.put({ ...workspace, deleted: true });
}

/** A change of some events leaves the others alone, and of one event's ways too. */
export function mergeNotifications(before: JsonObject, change: JsonObject): JsonObject {
  const merged = { ...before };
  for (const [key, value] of Object.entries(change)) {
    const old = merged[key];
    merged[key] = isObject(old) && isObject(value) ? mergeNotifications(old, value) : value;
  }
  return merged;
}

const longestName = 30;
const mostTags = 100;

export function findTag({ store }: Pick<Platform, "store">, id: string): Tag {
  const tag = store.tags.get(id);
  if (!tag) throw notFound("tag", id);
  return tag;
}

export function createTag(platform: Platform, given: Omit<Tag, "id">): Tag {
  findWorkspace(platform, given.workspaceId);
  check(platform, given);
  if (platform.store.tags.all().filter((tag) => tag.workspaceId === given.workspaceId).length >= mostTags) {
    throw new Problem(400, "error:tag-limit-reached", "The workspace has the most tags it can have.", {
      message: `A workspace can have ${mostTags} tags at most`,
    });
  }
  return platform.store.tags.put({ id: randomUUID(), ...given });
}

export function updateTag(platform: Platform, id: string, given: Pick<Tag, "name" | "color">): Tag {
  const tag = { ...findTag(platform, id), ...given };
  check(platform, tag);
  return platform.store.tags.put(tag);
}

export function deleteTag(platform: Platform, id: string): void {
  findTag(platform, id);
  const { tags, connections } = platform.store;
  for (const connection of connections.all().filter(({ tagIds }) => tagIds.includes(id))) {
    connections.put({ ...connection, tagIds: connection.tagIds.filter((tagId) => tagId !== id) });
  }
  tags.remove(id);
}

function check({ store }: Platform, tag: Omit<Tag, "id"> & { id?: string }): void {
  if (tag.name.length > longestName) {
    throw new Problem(400, "error:tag-name-too-long", "The tag's name is too long.", {
      message: `Tag name cannot exceed ${longestName} characters`,
    });
  }
  if (!/^[0-9A-Fa-f]{6}$/.test(tag.color)) {
    throw badRequest(`Invalid tag color '${tag.color}': six hexadecimal digits, without '#', are expected`);
  }
  const same = (other: Tag) => other.workspaceId === tag.workspaceId && other.name === tag.name && other.id !== tag.id;
  if (store.tags.all().some(same)) {
    const detail = "A tag with this name already exists in this workspace.";
    throw new Problem(409, "Tag already exists", detail, undefined, "error:tag-already-exists");
  }
}

/** A tag as both APIs show it. */
export const shownTag = ({ id: tagId, workspaceId, name, color }: Tag) => ({ tagId, workspaceId, name, color });

/** Those of a connection. */
export function shownTags({ store }: Pick<Platform, "store">, { tagIds }: Connection) {
  return tagIds.flatMap((id) => {
    const tag = store.tags.get(id);
    return tag ? [shownTag(tag)] : [];
  });
}
