import { Hono } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Tag } from "../../state.ts";
import { createTag, deleteTag, findTag, updateTag } from "../../platform/tags.ts";
import { body, idList, idParam, uuid } from "../requests.ts";

const patchSchema = z.object({ name: z.string(), color: z.string() });
const createSchema = patchSchema.extend({ workspaceId: uuid });

export function tags(instance: Instance): Hono {
  return new Hono()
    .get("/", (c) => {
      const workspaceIds = idList(c, "workspaceIds");
      const all = instance.store.tags.all().filter((tag) => workspaceIds?.includes(tag.workspaceId) ?? true);
      return c.json({ data: all.map(show) });
    })
    .post("/", async (c) => c.json(show(createTag(instance, await body(c, createSchema)))))
    .get("/:tagId", (c) => c.json(show(findTag(instance, idParam(c, "tagId")))))
    .patch("/:tagId", async (c) => c.json(show(updateTag(instance, idParam(c, "tagId"), await body(c, patchSchema)))))
    .delete("/:tagId", (c) => {
      deleteTag(instance, idParam(c, "tagId"));
      return c.body(null, 204);
    });
}

const show = ({ id, workspaceId, name, color }: Tag) => ({ tagId: id, workspaceId, name, color });
