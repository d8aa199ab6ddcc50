import { z } from "zod";
import type { Client } from "../../api/client.ts";
import { defaultOrganization, installation } from "../../api/organizations.ts";
import { ask, find, ifOffered, mayBeNoSuchCall, remove } from "../../api/rpc.ts";
import { allOf, onePage, pagesOf } from "../../api/rest.ts";
import type { JsonObject } from "../../api/types.ts";
import { fromSettings, toSettings, type Notifications } from "./notifications.ts";
import { restCalls, type ObjectCalls } from "../../api/object-calls.ts";

/** A workspace as Airbyte shows it; the public API shows neither its organization nor its region's id. */
export interface WorkspaceObject {
  id: string;
  name: string;
  notifications: Notifications;
  organizationId?: string | undefined;
  regionId?: string | undefined;
}

export interface WorkspaceBody {
  name: string;
  organizationId?: string | undefined;
  regionId?: string | undefined;
  /** Events that are left out keep their settings. */
  notifications?: Notifications | undefined;
}

type WorkspaceCalls = ObjectCalls<WorkspaceObject, WorkspaceBody, object>;

const PublicAnswer = z
  .looseObject({ workspaceId: z.string(), name: z.string(), notifications: z.record(z.string(), z.any()).nullish() })
  .transform(({ workspaceId, name, notifications }): WorkspaceObject => {
    return { id: workspaceId, name, notifications: notifications ?? {} };
  });

function publicWorkspaces(client: Client): WorkspaceCalls {
  const calls = restCalls<WorkspaceObject, WorkspaceBody, object>(client, {
    one: "workspace",
    schema: PublicAnswer,
    path: () => "/workspaces",
    name: ({ name }) => name,
    creation: ({ name, organizationId, regionId, notifications }) => ({
      name,
      organizationId,
      regionId,
      notifications,
    }),
    change: { method: "PATCH", body: ({ name, regionId, notifications }) => ({ name, regionId, notifications }) },
  });
  const pages = () => pagesOf(client, "/workspaces", PublicAnswer, { query: {}, doing: "list workspaces" });
  const list = () => allOf(pages(), ({ id }) => id);
  return { ...calls, list, listing: () => ({ key: "workspaces", pages }) };
}

const ConfigAnswer = z
  .looseObject({
    workspaceId: z.string(),
    name: z.string(),
    organizationId: z.string().nullish(),
    dataplaneGroupId: z.string().nullish(),
    notificationSettings: z.record(z.string(), z.any()).nullish(),
  })
  .transform((answer) => ({
    id: answer.workspaceId,
    name: answer.name,
    notifications: fromSettings(answer.notificationSettings ?? {}),
    ...(answer.organizationId ? { organizationId: answer.organizationId } : {}),
    ...(answer.dataplaneGroupId ? { regionId: answer.dataplaneGroupId } : {}),
    /** In the words of this API, with the events that the public one doesn't know. */
    settings: (answer.notificationSettings ?? {}) as JsonObject,
  }));

function configWorkspaces(client: Client): WorkspaceCalls {
  const get = (workspaceId: string) => {
    const call = { schema: ConfigAnswer, doing: `read workspace ${workspaceId}` };
    return find(client, "/workspaces/get", { workspaceId }, call);
  };
  const list = () => listWorkspaces(client, ConfigAnswer);
  return {
    get,
    list,
    listing: () => ({ key: "workspaces", pages: () => onePage(list) }),
    async create({ name, organizationId, regionId, notifications }) {
      const creation = {
        name,
        // Required by today's servers; older ones have no organizations.
        organizationId: organizationId ?? (await defaultOrganization(client)),
        dataplaneGroupId: regionId,
        ...(notifications ? { notificationSettings: toSettings(notifications, {}) } : {}),
      };
      const call = { schema: ConfigAnswer, doing: `create workspace ${JSON.stringify(name)}` };
      return ask(client, "/workspaces/create", creation, call);
    },
    async update(workspaceId, { name, regionId, notifications }) {
      // This API replaces all notifications at once.
      const before = notifications && (await get(workspaceId));
      const change = {
        workspaceId,
        name,
        dataplaneGroupId: regionId,
        ...(notifications ? { notificationSettings: toSettings(notifications, before?.settings ?? {}) } : {}),
      };
      const call = { schema: ConfigAnswer, doing: `update workspace ${JSON.stringify(name)}` };
      return ask(client, "/workspaces/update", change, call, true);
    },
    async delete(workspaceId) {
      await remove(client, "/workspaces/delete", { workspaceId }, `delete workspace ${workspaceId}`);
    },
  };
}

/** Today's servers list those of a user, and name the one whose application this mostly is; old ones list all of them. */
export async function listWorkspaces<T>(client: Client, workspace: z.ZodType<T>): Promise<T[]> {
  const call = { schema: z.looseObject({ workspaces: z.array(workspace) }), doing: "list workspaces" };
  const { defaultUserId, defaultWorkspaceId: workspaceId } = await installation(client);
  if (defaultUserId) {
    const page = { userId: defaultUserId, pagination: { pageSize: 1000, rowOffset: 0 } };
    const listed = await ifOffered(() => ask(client, "/workspaces/list_by_user_id", page, call, true));
    if (listed) return listed.workspaces;
  }
  try {
    return (await ask(client, "/workspaces/list", {}, call, true)).workspaces;
  } catch (error) {
    if (!mayBeNoSuchCall(error) || !workspaceId) throw error;
    const one = { schema: workspace, doing: `read workspace ${workspaceId}` };
    const found = await find(client, "/workspaces/get", { workspaceId }, one);
    return found === undefined ? [] : [found];
  }
}

export const workspaceCalls = { called: "workspaces", public: publicWorkspaces, config: configWorkspaces };
