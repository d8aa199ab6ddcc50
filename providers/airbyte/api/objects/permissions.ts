import { z } from "zod";
import type { Client } from "../client.ts";
import { onePage } from "../rest.ts";
import { ask, find, remove } from "../rpc.ts";
import type { Listing, ObjectCalls, Users } from "./object-calls.ts";
import { restCalls } from "./rest-calls.ts";

/** What a user may do in a workspace or an organization. */
export interface Permission {
  id: string;
  permissionType: string;
  userId: string;
  workspaceId?: string | undefined;
  organizationId?: string | undefined;
}

export interface PermissionScope {
  userId: string;
  /** This, or `organizationId`. */
  workspaceId?: string | undefined;
  organizationId?: string | undefined;
}

export interface PermissionBody extends PermissionScope {
  permissionType: string;
}

type PermissionCalls = ObjectCalls<Permission, PermissionBody, PermissionScope> & Users;

const Answer = z
  .looseObject({
    permissionId: z.string(),
    permissionType: z.string(),
    userId: z.string(),
    workspaceId: z.string().nullish(),
    organizationId: z.string().nullish(),
  })
  .transform(({ permissionId, permissionType, userId, workspaceId, organizationId }): Permission => ({
    id: permissionId,
    permissionType,
    userId,
    ...(workspaceId ? { workspaceId } : {}),
    ...(organizationId ? { organizationId } : {}),
  }));

export function publicPermissions(client: Client): PermissionCalls {
  const calls = restCalls<Permission, PermissionBody, PermissionScope>(client, {
    one: "permission",
    schema: Answer,
    path: () => "/permissions",
    query: ({ userId, organizationId }) => ({ userId, ...(organizationId ? { organizationId } : {}) }),
    name: ({ permissionType }) => permissionType,
    creation,
    change: { method: "PATCH", body: ({ permissionType }) => ({ permissionType }) },
  });
  return {
    ...calls,
    // The public API lists somebody else's permissions of organizations only; a server that has the other API is asked by that.
    list: (scope) => (client.hasConfigApi ? listByUser(client, scope) : calls.list(scope)).then(inScope(scope)),
    listing(scope) {
      if (client.hasConfigApi) return listingByUser(client, scope);
      return scope.organizationId === undefined ? undefined : calls.listing?.(scope);
    },
    async findUser(email) {
      const organizations = await client.call({
        method: "GET",
        path: "/organizations",
        schema: z.looseObject({ data: z.array(z.looseObject({ organizationId: z.string() })) }),
        doing: "list organizations",
      });
      for (const { organizationId } of organizations.data) {
        const { data } = await client.call({
          method: "GET",
          path: "/users",
          query: { organizationId }, // Its filter by address minds capitals.
          schema: z.looseObject({ data: z.array(z.looseObject({ id: z.string(), email: z.string() })) }),
          doing: `find the user of ${email}`,
        });
        const user = data.find((candidate) => isSameAddress(candidate.email, email));
        if (user) return user.id;
      }
      return undefined;
    },
  };
}

export function configPermissions(client: Client): PermissionCalls {
  const get = (permissionId: string) => {
    const call = { schema: Answer, doing: `read permission ${permissionId}` };
    return find(client, "/permissions/get", { permissionId }, call);
  };
  return {
    get,
    list: (scope) => listByUser(client, scope).then(inScope(scope)),
    listing: (scope) => listingByUser(client, scope),
    create(body) {
      const call = { schema: Answer, doing: `create permission "${body.permissionType}"` };
      return ask(client, "/permissions/create", creation(body), call);
    },
    async update(permissionId, body) {
      const { permissionType } = body;
      // Its answer is empty.
      const doing = `update permission ${permissionId}`;
      await ask(client, "/permissions/update", { permissionId, permissionType }, { doing }, true);
      return { id: permissionId, ...creation(body) };
    },
    async delete(permissionId) {
      await remove(client, "/permissions/delete", { permissionId }, `delete permission ${permissionId}`);
    },
    async findUser(email) {
      const call = { schema: z.looseObject({ userId: z.string() }), doing: `find the user of ${email}` };
      return (await find(client, "/users/get_by_email", { email }, call))?.userId;
    },
  };
}

/** In whichever place. */
async function listByUser(client: Client, { userId }: PermissionScope): Promise<Permission[]> {
  const call = { schema: z.looseObject({ permissions: z.array(Answer) }), doing: "list permissions" };
  return (await ask(client, "/permissions/list_by_user", { userId }, call, true)).permissions;
}

function listingByUser(client: Client, scope: PermissionScope): Listing<Permission> {
  return { key: `permissions ${scope.userId}`, pages: () => onePage(() => listByUser(client, scope)) };
}

function inScope({ workspaceId, organizationId }: PermissionScope) {
  return (permissions: Permission[]) =>
    permissions.filter((found) => found.workspaceId === workspaceId && found.organizationId === organizationId);
}

function creation({ permissionType, userId, workspaceId, organizationId }: PermissionBody) {
  return { permissionType, userId, workspaceId, organizationId };
}

function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
