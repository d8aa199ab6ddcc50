import { z } from "zod";
import { isObject, type JsonObject } from "../../json.ts";
import { findWorkspace } from "../../platform/platform.ts";
import {
  createTag,
  createWorkspace,
  deleteTag,
  deleteWorkspace,
  findTag,
  shownTag,
  updateTag,
} from "../../platform/workspaces.ts";
import { notFound, withoutReason } from "../../problems.ts";
import type { Workspace } from "../../state.ts";
import type { Instance } from "../requests.ts";
import { id, inWorkspace, nothing, post, type Route } from "./route.ts";

/** An event in the words of this API and of the public one. */
const events = {
  sendOnSuccess: "success",
  sendOnFailure: "failure",
  sendOnSyncDisabled: "syncDisabled",
  sendOnSyncDisabledWarning: "syncDisabledWarning",
  sendOnConnectionUpdate: "connectionUpdate",
  sendOnConnectionUpdateActionRequired: "connectionUpdateActionRequired",
} as const;

const item = z
  .object({
    /** `customerio` is e-mail, `slack` any webhook. */
    notificationType: z.array(z.enum(["slack", "customerio"])).nullish(),
    slackConfiguration: z.object({ webhook: z.string() }).nullish(),
  })
  .nullish();

/** What this server doesn't know of (breaking changes, queued syncs) is ignored. */
const notificationSettings = z.object({
  sendOnSuccess: item,
  sendOnFailure: item,
  sendOnSyncDisabled: item,
  sendOnSyncDisabledWarning: item,
  sendOnConnectionUpdate: item,
  sendOnConnectionUpdateActionRequired: item,
});

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

const oneTag = inWorkspace.extend({ tagId: id });
const tagged = { name: z.string(), color: z.string() };

/** `tags/…`. The workspace has to be the tag's own. */
export function tags(instance: Instance): Route[] {
  const find = ({ tagId, workspaceId }: z.output<typeof oneTag>) =>
    withoutReason(() => {
      const tag = findTag(instance, tagId);
      if (tag.workspaceId !== workspaceId) throw notFound("tag", tagId);
      return tag;
    });
  return [
    // A bare array.
    post("/tags/list", inWorkspace, ({ workspaceId }) => {
      return instance.store.tags
        .all()
        .filter((tag) => tag.workspaceId === workspaceId)
        .map(shownTag);
    }),
    post("/tags/create", inWorkspace.extend(tagged), (given) => shownTag(createTag(instance, given))),
    post("/tags/update", oneTag.extend(tagged), ({ name, color, ...given }) => {
      return shownTag(updateTag(instance, find(given).id, { name, color }));
    }),
    post("/tags/delete", oneTag, (given) => {
      deleteTag(instance, find(given).id);
    }),
  ];
}

/** As the store and the public API have it: `{failure: {email: {enabled}, webhook: {enabled, url}}}`. */
function fromSettings(settings: z.output<typeof notificationSettings>): JsonObject {
  const entries = Object.entries(events).flatMap(([key, event]): [string, JsonObject][] => {
    const given = settings[key as keyof typeof events];
    if (!given) return [];
    const types = given.notificationType ?? [];
    const webhook: JsonObject = { enabled: types.includes("slack") };
    if (given.slackConfiguration) webhook.url = given.slackConfiguration.webhook;
    return [[event, { email: { enabled: types.includes("customerio") }, webhook }]];
  });
  return Object.fromEntries(entries);
}

function toSettings(notifications: JsonObject): JsonObject {
  const entries = Object.entries(events).flatMap(([key, event]): [string, JsonObject][] => {
    const kept = notifications[event];
    if (!isObject(kept)) return [];
    const { email, webhook } = kept;
    const url = isObject(webhook) ? webhook.url : undefined;
    const types = [
      ...(isObject(webhook) && webhook.enabled === true ? ["slack"] : []),
      ...(isObject(email) && email.enabled === true ? ["customerio"] : []),
    ];
    return [
      [key, { notificationType: types, ...(typeof url === "string" ? { slackConfiguration: { webhook: url } } : {}) }],
    ];
  });
  return Object.fromEntries(entries);
}
