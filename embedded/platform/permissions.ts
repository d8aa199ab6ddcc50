import { randomUUID } from "node:crypto";
import { z } from "zod";
import { notFound, stateConflict, unprocessable } from "../api/problems.ts";
import type { Instance } from "../instance.ts";
import type { Permission } from "../state.ts";

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

export function findPermission({ store }: Pick<Instance, "store">, id: string): Permission {
  const permission = store.permissions.get(id);
  if (!permission) throw notFound("permission", id);
  return permission;
}

/** A user has one permission at most in a workspace, or in an organization. */
export function createPermission(
  { store }: Pick<Instance, "store">,
  given: {
    permissionType: string;
    userId: string;
    workspaceId?: string | null | undefined;
    organizationId?: string | null | undefined;
  },
): Permission {
  const { userId, workspaceId = null, organizationId = null } = given;
  if ((workspaceId === null) === (organizationId === null)) {
    throw unprocessable("Exactly one of workspaceId and organizationId must be given");
  }
  if (!store.users.get(userId)) throw notFound("user", userId);
  const permission = { id: randomUUID(), permissionType: given.permissionType, userId, workspaceId, organizationId };
  if (store.permissions.all().some((other) => placeOf(other) === placeOf(permission))) {
    throw stateConflict("The user has a permission there already");
  }
  return store.permissions.put(permission);
}

export function changePermission(instance: Pick<Instance, "store">, id: string, type: string): Permission {
  return instance.store.permissions.put({ ...findPermission(instance, id), permissionType: type });
}

function placeOf({ userId, workspaceId, organizationId }: Permission): string {
  return `${userId} ${workspaceId ?? organizationId ?? ""}`;
}

/** The same in both APIs. */
export function shownPermission({ id, workspaceId, organizationId, ...rest }: Permission) {
  return {
    permissionId: id,
    ...rest,
    ...(workspaceId ? { workspaceId } : {}),
    ...(organizationId ? { organizationId } : {}),
  };
}
