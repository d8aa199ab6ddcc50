import { randomUUID } from "node:crypto";
import { notFound } from "../api/problems.ts";
import type { Instance } from "../instance.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Workspace } from "../state.ts";
import { deleteActor } from "./actors.ts";

export function findWorkspace({ store }: Pick<Instance, "store">, id: string): Workspace {
  const workspace = store.workspaces.get(id);
  if (!workspace || workspace.deleted) throw notFound("workspace", id);
  return workspace;
}

/** The open-source Airbyte has one organization and puts every workspace into it, whatever the request says. */
export function createWorkspace(
  { store }: Pick<Instance, "store">,
  given: { name: string; region?: string | null | undefined; notifications?: JsonObject | null | undefined },
): Workspace {
  const organization = store.organizations.all()[0];
  if (!organization) throw new Error("The installation has no organization");
  return store.workspaces.put({
    id: randomUUID(),
    organizationId: organization.id,
    name: given.name,
    region: given.region ?? "auto",
    notifications: given.notifications ?? {},
    deleted: false,
    createdAt: Date.now(),
  });
}

/** Takes the workspace's sources and destinations down with it, and so its connections. */
export function deleteWorkspace(instance: Instance, id: string): void {
  const { store } = instance;
  const workspace = findWorkspace(instance, id);
  for (const actor of [...store.destinations.all(), ...store.sources.all()]) {
    if (actor.workspaceId === id && !actor.deleted) deleteActor(instance, actor.kind, actor.id);
  }
  store.workspaces.put({ ...workspace, deleted: true });
}

/** A change of some events leaves the others alone, and of one event's ways too. */
export function mergeNotifications(before: JsonObject, change: JsonObject): JsonObject {
  const merged = { ...before };
  for (const [key, value] of Object.entries(change)) {
    const old = merged[key];
    merged[key] = isObject(old) && isObject(value) ? mergeNotifications(old, value) : value;
  }
  return merged;
}
