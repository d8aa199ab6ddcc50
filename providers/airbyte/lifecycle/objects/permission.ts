import type { Permission, PermissionBody } from "../../api/objects/permissions.ts";
import type { CommonInputs, Context } from "../handler.ts";
import { optionalUuid, requireOneOf, requireText } from "../inputs.ts";
import type { ObjectKind } from "../object-kind.ts";

export interface PermissionInputs extends CommonInputs, PermissionBody {
  /** Stands for `userId`. */
  userEmail?: string;
}

const ROLES = {
  organizationId: ["admin", "editor", "runner", "reader", "member"].map((role) => `organization_${role}`),
  workspaceId: ["admin", "editor", "runner", "reader"].map((role) => `workspace_${role}`),
};
export const PERMISSION_TYPES = Object.values(ROLES).flat();

export const permission: ObjectKind<PermissionInputs, Permission> = {
  kind: "permission",
  calls: (objects) => objects.permissions,
  check: (inputs) => [
    ...requireText(inputs, "permissionType"),
    ...requireOneOf(inputs, "permissionType", PERMISSION_TYPES),
    ...checkUser(inputs),
    ...checkPlace(inputs),
  ],
  fixed: ["userId", "workspaceId", "organizationId"],
  nameOf: ({ userId }) => userId,
  workspaceOf: ({ workspaceId }) => workspaceId,
  // A user has one permission in a place.
  identity: ({ userId, workspaceId, organizationId }) => ({ userId, place: workspaceId ?? organizationId ?? "" }),
  shown: ({ permissionType, userId, workspaceId, organizationId }) => {
    return { permissionType, userId, workspaceId, organizationId };
  },
  lookup: { by: "userEmail", fills: "userId", find: findUser },
};

function checkUser(inputs: Record<string, unknown>): string[] {
  if (inputs.userId === undefined && inputs.userEmail === undefined) {
    return ["userId: is missing; expected the user's id, or the address in userEmail"];
  }
  return optionalUuid(inputs, "userId");
}

function checkPlace(inputs: Record<string, unknown>): string[] {
  const { workspaceId, organizationId, permissionType } = inputs;
  if ((workspaceId === undefined) === (organizationId === undefined)) {
    return ["workspaceId: expected either this or organizationId"];
  }
  const place = workspaceId === undefined ? "organizationId" : "workspaceId";
  const mistakes = optionalUuid(inputs, place);
  const other = place === "workspaceId" ? "organizationId" : "workspaceId";
  if (typeof permissionType !== "string" || !ROLES[other].includes(permissionType)) return mistakes;
  return [...mistakes, `permissionType: ${permissionType} needs ${other} in place of ${place}`];
}

async function findUser({ userEmail = "" }: PermissionInputs, { api }: Context) {
  const userId = await api.objects.permissions.findUser(userEmail);
  if (userId !== undefined) return { value: userId };
  return { mistake: `userEmail: this Airbyte has no user ${userEmail}; users are invited in Airbyte, by hand` };
}
