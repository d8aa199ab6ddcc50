import { randomUUID } from "node:crypto";
import { Hono, type Context } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Permission } from "../../state.ts";
import { notFound, unprocessable } from "../problems.ts";
import { body, idList, idParam, uuid } from "../requests.ts";

const permissionType = z.enum([
  "organization_admin",
  "organization_editor",
  "organization_runner",
  "organization_reader",
  "organization_member",
  "workspace_admin",
  "workspace_editor",
  "workspace_runner",
  "workspace_reader",
]);
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
export function permissions({ store }: Instance): Hono {
  const find = (c: Context) => {
    const id = idParam(c, "permissionId");
    const permission = store.permissions.get(id);
    if (!permission) throw notFound("permission", id);
    return permission;
  };
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
      return c.json({ data: data.map(show) });
    })
    .post("/", async (c) => {
      const given = await body(c, createSchema);
      const workspaceId = given.workspaceId ?? null;
      const organizationId = given.organizationId ?? null;
      if ((workspaceId === null) === (organizationId === null)) {
        throw unprocessable("Exactly one of workspaceId and organizationId must be given");
      }
      if (!store.users.get(given.userId)) throw notFound("user", given.userId);
      return c.json(show(store.permissions.put({ id: randomUUID(), ...given, workspaceId, organizationId })));
    })
    .get("/:permissionId", (c) => c.json(show(find(c))))
    .patch("/:permissionId", async (c) => {
      const given = await body(c, patchSchema);
      return c.json(show(store.permissions.put({ ...find(c), ...given })));
    })
    .delete("/:permissionId", (c) => {
      store.permissions.remove(find(c).id);
      return c.body(null, 204);
    });
}

function show({ id, workspaceId, organizationId, ...rest }: Permission) {
  return {
    permissionId: id,
    ...rest,
    ...(workspaceId ? { workspaceId } : {}),
    ...(organizationId ? { organizationId } : {}),
  };
}
