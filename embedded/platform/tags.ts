import { randomUUID } from "node:crypto";
import { badRequest, notFound, Problem } from "../api/problems.ts";
import type { Instance } from "../instance.ts";
import type { Tag } from "../state.ts";
import { findWorkspace } from "./workspaces.ts";

const longestName = 30;
const mostTags = 100;

export function findTag({ store }: Pick<Instance, "store">, id: string): Tag {
  const tag = store.tags.get(id);
  if (!tag) throw notFound("tag", id);
  return tag;
}

export function createTag(instance: Instance, given: Omit<Tag, "id">): Tag {
  findWorkspace(instance, given.workspaceId);
  check(instance, given);
  if (instance.store.tags.all().filter((tag) => tag.workspaceId === given.workspaceId).length >= mostTags) {
    throw new Problem(400, "error:tag-limit-reached", "The workspace has the most tags it can have.", {
      message: `A workspace can have ${mostTags} tags at most`,
    });
  }
  return instance.store.tags.put({ id: randomUUID(), ...given });
}

export function updateTag(instance: Instance, id: string, given: Pick<Tag, "name" | "color">): Tag {
  const tag = { ...findTag(instance, id), ...given };
  check(instance, tag);
  return instance.store.tags.put(tag);
}

export function deleteTag(instance: Instance, id: string): void {
  findTag(instance, id);
  const { tags, connections } = instance.store;
  for (const connection of connections.all().filter(({ tagIds }) => tagIds.includes(id))) {
    connections.put({ ...connection, tagIds: connection.tagIds.filter((tagId) => tagId !== id) });
  }
  tags.remove(id);
}

function check({ store }: Instance, tag: Omit<Tag, "id"> & { id?: string }): void {
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
    throw new Problem(409, "error:tag-already-exists", "A tag with this name already exists in the workspace.", {
      message: `A tag with the name '${tag.name}' already exists in this workspace`,
    });
  }
}
