import { Hono } from "hono";
import { z } from "zod";
import {
  changePermission,
  createApplication,
  createPermission,
  createRegion,
  deleteApplication,
  deleteRegion,
  findApplication,
  findPermission,
  findRegion,
  listApplications,
  listRegions,
  permissionType,
  shownApplication,
  shownPermission,
  updateRegion,
} from "../../platform/access.ts";
import { badRequest, withoutReason } from "../../problems.ts";
import type { Permission, Region } from "../../state.ts";
import { body, idList, idParam, uuid, type Instance } from "../requests.ts";

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

/**
 * Permissions are kept and shown, and change nothing: whoever has a token may do everything here. One that isn't there
 * is a failure without a word (500), and of other people only those in an organization are listed.
 */
export function permissions(instance: Instance): Hono {
  const { store } = instance;
  const change = (permissionId: string, type: string) =>
    withoutReason(() => changePermission(instance, permissionId, type));
  return new Hono()
    .get("/", (c) => {
      const own = store.users.all()[0]?.id;
      const { userId = own, organizationId } = c.req.query();
      if (userId !== own && !organizationId) {
        throw badRequest("Organization ID is required when getting someone else's permissions.");
      }
      const all = store.permissions.all().filter((permission) => permission.userId === userId);
      const data = organizationId ? all.filter((permission) => permission.organizationId === organizationId) : all;
      return c.json({ data: data.map(listed) });
    })
    .post("/", async (c) => c.json(shownPermission(createPermission(instance, await body(c, createSchema)))))
    .get("/:permissionId", (c) => {
      const permissionId = idParam(c, "permissionId");
      return c.json(shownPermission(withoutReason(() => findPermission(instance, permissionId))));
    })
    .patch("/:permissionId", async (c) => {
      const { permissionType } = await body(c, patchSchema);
      return c.json(shownPermission(change(idParam(c, "permissionId"), permissionType)));
    })
    .delete("/:permissionId", (c) => {
      const permissionId = idParam(c, "permissionId");
      store.permissions.remove(withoutReason(() => findPermission(instance, permissionId)).id);
      return c.body(null, 204);
    });
}

/** The list has other words for the place than a single one has. */
function listed({ id: permissionId, permissionType, userId, workspaceId, organizationId }: Permission) {
  const scope = workspaceId === null ? "organization" : "workspace";
  return { permissionId, permissionType, userId, scopeId: workspaceId ?? organizationId, scope };
}

export function applications(instance: Instance): Hono {
  return new Hono()
    .get("/", (c) => c.json({ applications: listApplications(instance).map(shownApplication) }))
    .post("/", async (c) => {
      const { name } = await body(c, z.object({ name: z.string() }));
      return c.json(shownApplication(createApplication(instance, name)));
    })
    .get("/:applicationId", (c) => c.json(shownApplication(findApplication(instance, idParam(c, "applicationId")))))
    .delete("/:applicationId", (c) =>
      c.json(shownApplication(deleteApplication(instance, idParam(c, "applicationId")))),
    );
}

const change = z.object({ name: z.string().nullish(), enabled: z.boolean().nullish() });
const creation = z.object({ name: z.string(), organizationId: uuid, enabled: z.boolean().nullish() });

export function regions(instance: Instance): Hono {
  return new Hono()
    .get("/", (c) => {
      const { organizationId } = c.req.query();
      if (!organizationId) throw badRequest("Required QueryValue [organizationId] not specified");
      return c.json({ data: listRegions(instance, organizationId.toLowerCase()).map(shown) });
    })
    .post("/", async (c) => c.json(shown(createRegion(instance, await body(c, creation)))))
    .get("/:regionId", (c) => c.json(shown(findRegion(instance, idParam(c, "regionId")))))
    .patch("/:regionId", async (c) => {
      return c.json(shown(updateRegion(instance, idParam(c, "regionId"), await body(c, change))));
    })
    .delete("/:regionId", (c) => c.json(shown(deleteRegion(instance, idParam(c, "regionId")))));
}

function shown({ id, createdAt, updatedAt, ...region }: Region) {
  const [created, updated] = [createdAt, updatedAt].map((time) => new Date(time).toISOString());
  return { regionId: id, ...region, createdAt: created, updatedAt: updated };
}
