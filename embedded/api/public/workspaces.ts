import { Hono } from "hono";
import { z } from "zod";
import { findWorkspace } from "../../platform/platform.ts";
import {
  createTag,
  createWorkspace,
  deleteTag,
  deleteWorkspace,
  findTag,
  mergeNotifications,
  shownTag,
  updateTag,
} from "../../platform/workspaces.ts";
import type { Workspace } from "../../state.ts";
import { body, flag, idList, idParam, object, page, uuid, type Instance } from "../requests.ts";
import { definitions } from "./definitions.ts";

// regionId is taken and has no effect: this machine is the only region.
const createSchema = z.object({ name: z.string(), notifications: object.nullish() });
const patchSchema = createSchema.partial();

export function workspaces(instance: Instance): Hono {
  const { store } = instance;
  return new Hono()
    .get("/", (c) => {
      const ids = idList(c, "workspaceIds");
      const all = store.workspaces
        .all()
        .filter(({ id, deleted }) => (ids?.includes(id) ?? true) && (!deleted || flag(c, "includeDeleted")));
      const { items, ...links } = page(c, instance.url, all);
      return c.json({ data: items.map(shown), ...links });
    })
    .post("/", async (c) => c.json(shown(createWorkspace(instance, await body(c, createSchema)))))
    .get("/:workspaceId", (c) => c.json(shown(findWorkspace(instance, idParam(c, "workspaceId")))))
    .patch("/:workspaceId", async (c) => {
      const given = await body(c, patchSchema);
      const workspace = findWorkspace(instance, idParam(c, "workspaceId"));
      const { name = workspace.name } = given;
      const notifications = mergeNotifications(workspace.notifications, given.notifications ?? {});
      return c.json(shown(store.workspaces.put({ ...workspace, name, notifications })));
    })
    .delete("/:workspaceId", (c) => {
      deleteWorkspace(instance, idParam(c, "workspaceId"));
      return c.body(null, 204);
    })
    .route("/:workspaceId/definitions", definitions(instance));
}

// The region goes in as an id and comes out as a name; neither organization nor time are shown.
function shown({ id, name, region, notifications }: Workspace) {
  return { workspaceId: id, name, dataResidency: region, notifications };
}

const tagChange = z.object({ name: z.string(), color: z.string() });
const tagCreation = tagChange.extend({ workspaceId: uuid });

export function tags(instance: Instance): Hono {
  return new Hono()
    .get("/", (c) => {
      const workspaceIds = idList(c, "workspaceIds");
      const all = instance.store.tags.all().filter((tag) => workspaceIds?.includes(tag.workspaceId) ?? true);
      return c.json({ data: all.map(shownTag) });
    })
    .post("/", async (c) => c.json(shownTag(createTag(instance, await body(c, tagCreation)))))
    .get("/:tagId", (c) => c.json(shownTag(findTag(instance, idParam(c, "tagId")))))
    .patch("/:tagId", async (c) => c.json(shownTag(updateTag(instance, idParam(c, "tagId"), await body(c, tagChange)))))
    .delete("/:tagId", (c) => {
      deleteTag(instance, idParam(c, "tagId"));
      return c.body(null, 204);
    });
}
