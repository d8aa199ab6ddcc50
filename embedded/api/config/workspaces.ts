import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Workspace } from "../../state.ts";
import { createWorkspace, deleteWorkspace, findWorkspace } from "../../platform/workspaces.ts";
import { fromSettings, notificationSettings, toSettings } from "./notifications.ts";
import { id, inWorkspace, nothing, post, type Route } from "./route.ts";

// The organization is required by today's Airbyte and unknown to older ones; there is only one.
const creation = z.object({ name: z.string(), notificationSettings: notificationSettings.nullish() });
const change = creation.partial().extend({ workspaceId: id });
const paged = z.object({
  nameContains: z.string().nullish(),
  pagination: z.object({ pageSize: z.int().min(1).nullish(), rowOffset: z.int().min(0).nullish() }).nullish(),
});

/** `workspaces/…`. */
export function workspaces(instance: Instance): Route[] {
  const { store } = instance;
  const live = () => store.workspaces.all().filter(({ deleted }) => !deleted);
  const list = (all: Workspace[], { nameContains, pagination }: z.output<typeof paged>) => {
    const named = all.filter(({ name }) => name.toLowerCase().includes((nameContains ?? "").toLowerCase()));
    const from = pagination?.rowOffset ?? 0;
    return { workspaces: named.slice(from, from + (pagination?.pageSize ?? named.length)).map(show) };
  };
  return [
    // Only servers that have no public API yet.
    ...(instance.options.publicApi ? [] : [post("/workspaces/list", nothing, () => list(live(), {}))]),
    post("/workspaces/list_by_user_id", paged.extend({ userId: id }), (given) => {
      return list(store.users.get(given.userId) ? live() : [], given);
    }),
    post("/workspaces/list_by_organization_id", paged.extend({ organizationId: id }), (given) => {
      return list(
        live().filter(({ organizationId }) => organizationId === given.organizationId),
        given,
      );
    }),
    post(
      "/workspaces/list_paginated",
      paged.extend({ workspaceIds: z.array(id), includeDeleted: z.boolean().nullish() }),
      (given) => {
        const all = given.includeDeleted ? store.workspaces.all() : live();
        return list(
          all.filter((workspace) => given.workspaceIds.includes(workspace.id)),
          given,
        );
      },
    ),
    post("/workspaces/get", inWorkspace, ({ workspaceId }) => show(findWorkspace(instance, workspaceId))),
    post("/workspaces/create", creation, ({ name, notificationSettings }) => {
      const notifications = notificationSettings ? fromSettings(notificationSettings) : null;
      return show(createWorkspace(instance, { name, notifications }));
    }),
    post("/workspaces/update", change, ({ workspaceId, name, notificationSettings }) => {
      const workspace = findWorkspace(instance, workspaceId);
      const notifications = notificationSettings ? fromSettings(notificationSettings) : workspace.notifications;
      return show(store.workspaces.put({ ...workspace, name: name ?? workspace.name, notifications }));
    }),
    post("/workspaces/update_name", inWorkspace.extend({ name: z.string() }), ({ workspaceId, name }) => {
      return show(store.workspaces.put({ ...findWorkspace(instance, workspaceId), name }));
    }),
    post("/workspaces/delete", inWorkspace, ({ workspaceId }) => {
      deleteWorkspace(instance, workspaceId);
    }),
    post("/workspaces/get_organization_info", inWorkspace, ({ workspaceId }) => {
      const { organizationId } = findWorkspace(instance, workspaceId);
      const organization = store.organizations.get(organizationId);
      return { organizationId, organizationName: organization?.name, sso: false, scim: false };
    }),
  ];
}

function show({ id: workspaceId, organizationId, name, notifications, deleted }: Workspace) {
  return {
    workspaceId,
    organizationId,
    customerId: workspaceId,
    name,
    slug: name.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    initialSetupComplete: true,
    displaySetupWizard: false,
    notifications: [],
    notificationSettings: toSettings(notifications),
    tombstone: deleted,
  };
}
