import { Hono } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import {
  changePermission,
  createPermission,
  findPermission,
  permissionType,
  shownPermission,
} from "../../platform/permissions.ts";
import { body, idList, idParam, uuid } from "../requests.ts";

const patchSchema = z.object({ permissionType });
const createSchema = patchSchema.extend({
  userId: uuid,
  workspaceId: uuid.nullish(),
  organizationId: uuid.nullish(),
});

export function organizations({ store }: Instance): Hono {
  return new Hono().get("/", (c) => {
    const data = store.organizations.all().map(({ id, name, email }) => {
      return { organizationId: id, organizationName: name, email };
    });
    return c.json({ data });
  });
}

export function users({ store }: Instance): Hono {
  return new Hono().get("/", (c) => {
    const ids = idList(c, "ids");
    const emails = c.req.queries("emails")?.flatMap((value) => value.split(","));
    const data = store.users
      .all()
      .filter(({ id, email }) => (ids?.includes(id) ?? true) && (emails?.includes(email) ?? true));
    return c.json({ data });
  });
}

/** Permissions are kept and shown, and change nothing: whoever has a token may do everything here. */
export function permissions(instance: Instance): Hono {
  const { store } = instance;
  return new Hono()
    .get("/", (c) => {
      const { userId, organizationId } = c.req.query();
      const data = store.permissions
        .all()
        .filter(
          (permission) =>
            (userId ?? permission.userId) === permission.userId &&
            (!organizationId || permission.organizationId === organizationId),
        );
      return c.json({ data: data.map(shownPermission) });
    })
    .post("/", async (c) => c.json(shownPermission(createPermission(instance, await body(c, createSchema)))))
    .get("/:permissionId", (c) => c.json(shownPermission(findPermission(instance, idParam(c, "permissionId")))))
    .patch("/:permissionId", async (c) => {
      const { permissionType } = await body(c, patchSchema);
      return c.json(shownPermission(changePermission(instance, idParam(c, "permissionId"), permissionType)));
    })
    .delete("/:permissionId", (c) => {
      store.permissions.remove(findPermission(instance, idParam(c, "permissionId")).id);
      return c.body(null, 204);
    });
}
