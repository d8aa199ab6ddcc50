import { z } from "zod";
import type { Instance } from "../../instance.ts";
import {
  changePermission,
  createPermission,
  findPermission,
  permissionType,
  shownPermission,
} from "../../platform/permissions.ts";
import { notFound, withoutReason } from "../problems.ts";
import { id, post, type Route } from "./route.ts";

const one = z.object({ permissionId: id });
const ofUser = z.object({ userId: id });
const creation = ofUser.extend({ permissionType, workspaceId: id.nullish(), organizationId: id.nullish() });

/** `permissions/…` and `users/…`. */
export function access(instance: Instance): Route[] {
  const { store } = instance;
  return [
    post("/permissions/create", creation, (given) => shownPermission(createPermission(instance, given))),
    post("/permissions/get", one, ({ permissionId }) => shownPermission(findPermission(instance, permissionId))),
    // The answer is empty.
    post("/permissions/update", one.extend({ permissionType }), (given) => {
      withoutReason(() => changePermission(instance, given.permissionId, given.permissionType));
    }),
    post("/permissions/delete", one, ({ permissionId }) => {
      store.permissions.remove(withoutReason(() => findPermission(instance, permissionId)).id);
    }),
    post("/permissions/list_by_user", ofUser, ({ userId }) => {
      const own = store.permissions.all().filter((permission) => permission.userId === userId);
      return { permissions: own.map(shownPermission) };
    }),
    post("/users/get_by_email", z.object({ email: z.string() }), ({ email }) => {
      const user = store.users.all().find((candidate) => candidate.email.toLowerCase() === email.toLowerCase());
      if (!user) throw notFound("user", email);
      return { userId: user.id, name: user.name, email: user.email, metadata: {} };
    }),
  ];
}
