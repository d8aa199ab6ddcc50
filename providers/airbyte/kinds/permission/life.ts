import type { Permission, PermissionBody } from "./calls.ts";
import type { AirbyteError } from "../../api/errors.ts";
import { UNKNOWN } from "../../lifecycle/canonical.ts";
import type { CommonInputs, Context } from "../../lifecycle/handler.ts";
import type { Obstacle, ObjectLife } from "../../lifecycle/object-kind.ts";

export interface PermissionInputs extends CommonInputs, PermissionBody {
  /** Stands for `userId`. */
  userEmail?: string;
}

export const permissionLife: ObjectLife<PermissionInputs, Permission> = {
  nameOf: ({ userId }) => userId,
  // A user has one permission in a place.
  identity: ({ userId, workspaceId, organizationId }) => ({ userId, place: workspaceId ?? organizationId ?? "" }),
  shown: ({ permissionType, userId, workspaceId, organizationId }) => {
    return { permissionType, userId, workspaceId, organizationId };
  },
  inTheWay,
  meaning,
  lookup: { by: "userEmail", fills: "userId", find: findUser },
};

async function findUser({ userEmail = "" }: PermissionInputs, { api }: Context) {
  const userId = await api.objects.permissions.findUser(userEmail);
  if (userId !== undefined) return { value: userId };
  const text = `this Airbyte has no user ${userEmail}; users are invited in Airbyte, by hand (where it lists none, give userId)`;
  return { mistake: { path: ["userEmail"], text } };
}

// Asked for the same one again, Airbyte answers with the old one as if it were new, and its deletion would be somebody else's loss.
async function inTheWay(inputs: PermissionInputs, context: Context): Promise<Obstacle | undefined> {
  const { userId, workspaceId, organizationId, permissionType } = inputs;
  if ([userId, workspaceId, organizationId].includes(UNKNOWN) || !userId) return undefined;
  const { permissions, complete } = await context.api.objects.permissions.ofUser(inputs);
  const found = permissions.find(inPlaceOf(inputs));
  if (!found && !complete) {
    context.log(
      `warning: permission of ${nameOf(inputs)}: this Airbyte shows nobody else's permissions in workspaces; if the user has ` +
        `${permissionType} already, that one is taken for the new one, and a destroy takes it away.`,
    );
  }
  if (!found) return undefined;
  const changes = found.permissionType === permissionType ? "" : ` and makes it ${permissionType}`;
  return { id: found.id, what: has(inputs, found), next: `adopt: true takes it over${changes}` };
}

// Airbyte answers 500, with SQL, with a sentence, or with nothing but an id.
async function meaning(refused: AirbyteError, inputs: PermissionInputs, { api }: Context, id?: string) {
  if (refused.code !== "refused" || refused.status !== 500) return undefined;
  const permissions = await api.objects.permissions.ofUser({ userId: inputs.userId }).then(
    (shown) => shown.permissions.filter((permission) => permission.id !== id),
    () => [],
  );
  const other = permissions.find(inPlaceOf(inputs));
  if (other && other.permissionType !== inputs.permissionType) {
    return { what: has(inputs, other), next: "adopt: true takes it over" };
  }
  const wider = inputs.workspaceId === undefined ? undefined : permissions.find(covers(inputs));
  if (!wider) return undefined;
  const place = wider.organizationId === undefined ? "everywhere" : `in the organization ${wider.organizationId}`;
  return {
    what: `${nameOf(inputs)} has ${wider.permissionType} ${place} (permission ${wider.id}), which is as wide as ${inputs.permissionType} or wider, so Airbyte makes none beside it`,
    next: "take this permission out of the program, or take the wider one away in Airbyte first",
  };
}

function inPlaceOf({ workspaceId, organizationId }: PermissionInputs) {
  return (found: Permission) => found.workspaceId === workspaceId && found.organizationId === organizationId;
}

function has(inputs: PermissionInputs, { id, permissionType }: Permission): string {
  const place = inputs.workspaceId === undefined ? "organization" : "workspace";
  return `${nameOf(inputs)} has ${permissionType} in this ${place} already (permission ${id})`;
}

function nameOf({ userEmail, userId }: PermissionInputs): string {
  return userEmail ?? `user ${userId}`;
}

const RANKS = ["member", "reader", "runner", "editor", "admin"];

/** Whether one that isn't of a workspace alone allows what is asked for in a workspace. */
function covers({ permissionType }: PermissionInputs) {
  const rank = (type: string) => RANKS.indexOf(type.split("_")[1] ?? "");
  return (found: Permission) => found.workspaceId === undefined && rank(found.permissionType) >= rank(permissionType);
}
