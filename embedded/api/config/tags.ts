import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Tag } from "../../state.ts";
import { createTag, deleteTag, findTag, updateTag } from "../../platform/tags.ts";
import { notFound, withoutReason } from "../problems.ts";
import { id, inWorkspace, post, type Route } from "./route.ts";

const one = inWorkspace.extend({ tagId: id });
const named = { name: z.string(), color: z.string() };

/** `tags/…`. The workspace has to be the tag's own. */
export function tags(instance: Instance): Route[] {
  const find = ({ tagId, workspaceId }: z.output<typeof one>) =>
    withoutReason(() => {
      const tag = findTag(instance, tagId);
      if (tag.workspaceId !== workspaceId) throw notFound("tag", tagId);
      return tag;
    });
  return [
    // A bare array.
    post("/tags/list", inWorkspace, ({ workspaceId }) => {
      return instance.store.tags
        .all()
        .filter((tag) => tag.workspaceId === workspaceId)
        .map(showTag);
    }),
    post("/tags/create", inWorkspace.extend(named), (given) => showTag(createTag(instance, given))),
    post("/tags/update", one.extend(named), ({ name, color, ...given }) => {
      return showTag(updateTag(instance, find(given).id, { name, color }));
    }),
    post("/tags/delete", one, (given) => {
      deleteTag(instance, find(given).id);
    }),
  ];
}

export const showTag = ({ id: tagId, workspaceId, name, color }: Tag) => ({ tagId, workspaceId, name, color });
