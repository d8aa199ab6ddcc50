import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { badRequest, notFound, OpaqueError, Problem, unexpected } from "../problems.ts";
import type { Application, Permission, Region } from "../state.ts";
import type { Platform } from "./platform.ts";

export const permissionType = z.enum([
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

export function findPermission({ store }: Pick<Platform, "store">, id: string): Permission {
  const permission = store.permissions.get(id);
  if (!permission) throw notFound("permission", id);
  return permission;
}

/**
 * A user has one permission at most in a workspace, or in an organization. The same one again is answered with what is
 * there; another type there, and what a wider one gives already, is a failure from the depth of the server.
 */
export function createPermission(
  { store }: Pick<Platform, "store">,
  given: {
    permissionType: string;
    userId: string;
    workspaceId?: string | null | undefined;
    organizationId?: string | null | undefined;
  },
): Permission {
  const { permissionType, userId, workspaceId = null, organizationId = null } = given;
  if ((workspaceId === null) === (organizationId === null)) {
    throw badRequest("Workspace ID or Organization ID must be provided in order to create a permission.");
  }
  const permission = { id: randomUUID(), permissionType, userId, workspaceId, organizationId };
  const inPlace = store.permissions.all().find((other) => placeOf(other) === placeOf(permission));
  if (inPlace?.permissionType === permissionType) return inPlace;
  refuseRedundant({ store }, permission);
  const violated = (constraint: string) => unexpected(`Error executing PERSIST: ERROR: ${constraint}`);
  if (inPlace) {
    const place = workspaceId === null ? "organization" : "workspace";
    throw violated(`duplicate key value violates unique constraint "permission_unique_user_${place}"`);
  }
  const foreign = (key: string) =>
    violated(`insert or update on table "permission" violates foreign key constraint "permission_${key}_fkey"`);
  if (!store.users.get(userId)) throw foreign("user_id");
  if (workspaceId !== null && !store.workspaces.get(workspaceId)) throw foreign("workspace_id");
  return store.permissions.put(permission);
}

export function changePermission({ store }: Pick<Platform, "store">, id: string, permissionType: string): Permission {
  const permission = { ...findPermission({ store }, id), permissionType };
  refuseRedundant({ store }, permission);
  return store.permissions.put(permission);
}

function refuseRedundant({ store }: Pick<Platform, "store">, permission: Permission): void {
  const { permissionType, userId, workspaceId } = permission;
  if (workspaceId === null) return;
  const organizationId = store.workspaces.get(workspaceId)?.organizationId;
  const wider = store.permissions
    .all()
    .some((other) => other.userId === userId && other.organizationId === organizationId && covers(other, permission));
  if (!wider) return;
  throw unexpected(`Permission type ${permissionType} would be redundant for user ${userId}. Preventing creation.`);
}

const roles = ["member", "reader", "runner", "editor", "admin"];

function covers(wider: Permission, narrower: Permission): boolean {
  const rank = ({ permissionType }: Permission) => roles.indexOf(permissionType.split("_")[1] ?? "");
  return rank(wider) >= rank(narrower);
}

function placeOf({ userId, workspaceId, organizationId }: Permission): string {
  return `${userId} ${workspaceId ?? organizationId ?? ""}`;
}

/** In the config API. */
export function shownPermission({ id, workspaceId, organizationId, ...rest }: Permission) {
  return {
    permissionId: id,
    ...rest,
    ...(workspaceId ? { workspaceId } : {}),
    ...(organizationId ? { organizationId } : {}),
  };
}

type Applications = Pick<Platform, "store" | "options">;

export function listApplications({ store, options }: Applications): Application[] {
  const all = store.applications.all();
  if (!options.fixedApplication) return all;
  return all.filter(({ own }) => own).map((application) => ({ ...application, id: randomUUID() }));
}

export function findApplication({ store }: Pick<Platform, "store">, id: string): Application {
  const application = store.applications.get(id);
  if (!application) throw notFound("application", id);
  return application;
}

export function createApplication({ store, options }: Applications, name: string): Application {
  if (options.fixedApplication) throw new OpaqueError(500, "Simple authentication has one application for good");
  return store.applications.put({
    id: randomUUID(),
    name,
    clientId: randomUUID(),
    clientSecret: randomBytes(32).toString("base64url"),
    createdAt: Date.now(),
    own: false,
  });
}

export function deleteApplication(platform: Applications, id: string): Application {
  if (platform.options.fixedApplication)
    throw new OpaqueError(500, "Simple authentication has one application for good");
  const application = platform.store.applications.get(id);
  if (!application) throw new OpaqueError(500, `There is no application ${id}`);
  if (application.own) {
    throw badRequest("This is the installation's own application; without it nobody could get in");
  }
  platform.store.applications.remove(application.id);
  return application;
}

/** The same in both APIs. */
export function shownApplication({ id, name, clientId, clientSecret, createdAt }: Application) {
  return { id, name, clientId, clientSecret, createdAt: Math.floor(createdAt / 1000) };
}

type Regions = Pick<Platform, "store">;

/**
 * Regions are kept and shown, and change nothing: this machine is the only one where syncs run. The real server refuses those of an
 * organization without the feature (403 `error:license/entitlement`); here everybody has it.
 */
export function listRegions({ store }: Regions, organizationId: string): Region[] {
  return store.regions.all().filter((region) => region.organizationId === organizationId);
}

export function findRegion({ store }: Regions, id: string): Region {
  const region = store.regions.get(id);
  if (!region) throw notFound("dataplane_group", id);
  return region;
}

export function createRegion(
  platform: Regions,
  { name, organizationId, enabled }: { name: string; organizationId: string; enabled?: boolean | null | undefined },
): Region {
  if (!platform.store.organizations.get(organizationId)) throw notFound("organization", organizationId);
  requireFree(platform, organizationId, name);
  const now = Date.now();
  const times = { createdAt: now, updatedAt: now };
  return platform.store.regions.put({ id: randomUUID(), name, organizationId, enabled: enabled ?? true, ...times });
}

/** What is null or absent stays. */
export function updateRegion(
  platform: Regions,
  id: string,
  { name, enabled }: { name?: string | null | undefined; enabled?: boolean | null | undefined },
): Region {
  const region = findRegion(platform, id);
  if (name !== region.name && name) requireFree(platform, region.organizationId, name);
  const changed = { name: name ?? region.name, enabled: enabled ?? region.enabled, updatedAt: Date.now() };
  return platform.store.regions.put({ ...region, ...changed });
}

export function deleteRegion(platform: Regions, id: string): Region {
  const region = findRegion(platform, id);
  platform.store.regions.remove(id);
  return region;
}

function requireFree(platform: Regions, organizationId: string, name: string): void {
  if (!listRegions(platform, organizationId).some((other) => other.name === name)) return;
  throw new Problem(409, "error:dataplane-group-name-already-exists", "A region with this name already exists.", {
    message: `A region with the name ${name} already exists`,
  });
}
