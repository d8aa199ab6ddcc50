import { z } from "zod";
import type { Client } from "../../api/client.ts";
import { AirbyteError } from "../../api/errors.ts";
import { listOrganizations } from "../../api/organizations.ts";
import { onePage } from "../../api/rest.ts";
import { ask, find, ifOffered, remove } from "../../api/rpc.ts";
import { restCalls, type Listing, type ObjectCalls } from "../../api/object-calls.ts";

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

/** A user's permissions in whichever place, or in the one that is asked for. */
export interface Shown {
  permissions: Permission[];
  /** Whether there can't be more of them, which this Airbyte doesn't show. */
  complete: boolean;
}

export interface PermissionBody extends PermissionScope {
  permissionType: string;
}

/** Who can be given permissions, and who has which. */
export interface Users {
  ofUser(scope: PermissionScope): Promise<Shown>;
  /** The user of an e-mail address; undefined where there is none. */
  findUser(email: string): Promise<string | undefined>;
  /** All users; left out where the API lists none. */
  listUsers?(): Promise<User[]>;
}

export interface User {
  id: string;
  email: string;
}

type PermissionCalls = ObjectCalls<Permission, PermissionBody, PermissionScope> & Users;

const Answer = z
  .looseObject({
    permissionId: z.string(),
    permissionType: z.string(),
    userId: z.string(),
    workspaceId: z.string().nullish(),
    organizationId: z.string().nullish(),
    scope: z.string().nullish(),
    scopeId: z.string().nullish(),
  })
  .transform(({ permissionId, permissionType, userId, scope, scopeId, ...place }): Permission => {
    // The public API's list has other words for the place than its other answers.
    const workspaceId = place.workspaceId ?? (scope === "workspace" ? scopeId : undefined);
    const organizationId = place.organizationId ?? (scope === "organization" ? scopeId : undefined);
    return {
      ...{ id: permissionId, permissionType, userId },
      ...(workspaceId ? { workspaceId } : {}),
      ...(organizationId ? { organizationId } : {}),
    };
  });

function publicPermissions(client: Client): PermissionCalls {
  const calls = restCalls<Permission, PermissionBody, PermissionScope>(client, {
    one: "permission",
    schema: Answer,
    path: () => "/permissions",
    query: ({ userId, organizationId }) => ({
      ...(userId ? { userId } : {}),
      ...(organizationId ? { organizationId } : {}),
    }),
    name: ({ permissionType }) => permissionType,
    creation,
    change: { method: "PATCH", body: ({ permissionType }) => ({ permissionType }) },
  });
  const ofUser = async (scope: PermissionScope): Promise<Shown> => {
    const permissions = await byOlderApi(client, () => listByUser(client, scope));
    return permissions ? { permissions, complete: true } : shownPublicly(client, calls, scope);
  };
  return {
    ...calls,
    ofUser,
    async get(id, scope) {
      try {
        return await calls.get(id, scope);
      } catch (error) {
        if (!(error instanceof AirbyteError) || !error.isWithoutReason) throw error;
        // Its answer for one that isn't there, but not only for that.
        const asked = await byOlderApi(client, async () => [await getByConfig(client, id)]);
        if (asked) return asked[0];
        const { permissions, complete } = await ofUser(scope);
        const listed = permissions.find((permission) => permission.id === id);
        if (listed || complete || (await showsOwn(calls))) return listed;
        throw perhapsGone(error, id);
      }
    },
    list: (scope) => ofUser(scope).then(({ permissions }) => inScope(scope)(permissions)),
    listing(scope) {
      if (client.hasConfigApi) return listingByUser(client, scope);
      return scope.organizationId === undefined ? undefined : calls.listing?.(scope);
    },
    async findUser(email) {
      return (await listUsers(client)).find((candidate) => isSameAddress(candidate.email, email))?.id;
    },
    listUsers: () => listUsers(client),
  };
}

/** undefined where there is no older API to ask: some gateways keep it back. */
async function byOlderApi<T>({ hasConfigApi }: Client, asked: () => Promise<T>): Promise<T | undefined> {
  return hasConfigApi ? ifOffered(asked) : undefined;
}

type List = Pick<PermissionCalls, "list" | "get">;

/** The public API shows one's own permissions, and those of other people in organizations only. */
async function shownPublicly(client: Client, { list }: List, scope: PermissionScope): Promise<Shown> {
  const { userId, organizationId } = scope;
  if (organizationId !== undefined) return { permissions: await list({ userId, organizationId }), complete: true };
  try {
    return { permissions: await list({ userId }), complete: true };
  } catch (error) {
    if (!(error instanceof AirbyteError) || error.code !== "refused" || error.status !== 400) throw error;
  }
  const organizations = await listOrganizations(client);
  const lists = await Promise.all(organizations.map((organization) => list({ userId, ...organization })));
  return { permissions: lists.flat(), complete: false };
}

/** Whether a permission that is there, one's own, can be read: then one that can't be isn't there. */
async function showsOwn({ list, get }: List): Promise<boolean> {
  const [own] = await list({ userId: "" });
  return own !== undefined && (await get(own.id, own)) !== undefined;
}

function perhapsGone({ code, call, status, serverMessage: message, errorId }: AirbyteError, id: string) {
  const next =
    "the server answers so for a permission that was deleted, too: look in Airbyte (Settings > Members). " +
    "Where it is gone, take it out of the state: pulumi state delete URN; else look into the server's log.";
  return new AirbyteError({ code, call, status, message, errorId, doing: `read permission ${id}`, next });
}

// Its filter by address minds capitals.
async function listUsers(client: Client): Promise<User[]> {
  const users = new Map<string, User>();
  for (const { organizationId } of await listOrganizations(client)) {
    const { data } = await client.call({
      method: "GET",
      path: "/users",
      query: { organizationId },
      schema: z.looseObject({ data: z.array(z.looseObject({ id: z.string(), email: z.string() })) }),
      doing: "list users",
    });
    for (const user of data) users.set(user.id, user);
  }
  return [...users.values()];
}

function configPermissions(client: Client): PermissionCalls {
  return {
    get: (id) => getByConfig(client, id),
    ofUser: async (scope) => ({ permissions: await listByUser(client, scope), complete: true }),
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
      const found = await byOlderApi(client, () => find(client, "/users/get_by_email", { email }, call));
      return found?.userId;
    },
  };
}

function getByConfig(client: Client, permissionId: string): Promise<Permission | undefined> {
  const call = { schema: Answer, doing: `read permission ${permissionId}` };
  return find(client, "/permissions/get", { permissionId }, call);
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

export const permissionCalls = { called: "permissions", public: publicPermissions, config: configPermissions };
