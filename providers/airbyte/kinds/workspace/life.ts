import type { AirbyteApi } from "../../api/airbyte-api.ts";
import { EVENT_NAMES, type Notifications } from "./notifications.ts";
import type { WorkspaceBody, WorkspaceObject } from "./calls.ts";
import type { Json } from "../../api/types.ts";
import { didYouMean } from "../../../../errors/nearest.ts";
import { isObject, seenThrough } from "../../lifecycle/canonical.ts";
import { UNKNOWN, type CommonInputs } from "../../lifecycle/handler.ts";
import { optionalUuid, requireText } from "../../lifecycle/inputs.ts";
import type { ObjectKind } from "../../lifecycle/object-kind.ts";

export interface WorkspaceInputs extends CommonInputs, WorkspaceBody {}

export const workspace: ObjectKind<WorkspaceInputs, WorkspaceObject> = {
  kind: "workspace",
  calls: (objects) => objects.workspaces,
  check: (inputs) => [
    ...requireText(inputs, "name"),
    ...optionalUuid(inputs, "organizationId"),
    ...optionalUuid(inputs, "regionId"),
    ...checkNotifications(inputs.notifications),
  ],
  fixed: [],
  // A new workspace would be an empty one.
  atCreation: ["organizationId"],
  nameOf: ({ name }) => name,
  identity: () => ({}),
  shown: ({ name, notifications, regionId }, declared) => ({
    name,
    notifications: seenThrough((declared.notifications ?? {}) as Json, notifications as Json) as Notifications,
    ...(regionId === undefined ? {} : { regionId }),
  }),
  beforeDelete: empty,
};

function checkNotifications(notifications: unknown): string[] {
  if (notifications === undefined || notifications === UNKNOWN) return [];
  if (!isObject(notifications)) return ["notifications: expected an object with the events' settings"];
  return Object.entries(notifications).flatMap(([event, setting]) => {
    const path = `notifications.${event}`;
    if (!EVENT_NAMES.includes(event)) return [`${path}: is no event${didYouMean(event, EVENT_NAMES)}`];
    if (setting === UNKNOWN) return [];
    if (!isObject(setting)) return [`${path}: expected an object with email and webhook`];
    const { webhook } = setting;
    const needsUrl = isObject(webhook) && webhook.enabled === true && !webhook.url;
    return needsUrl ? [`${path}.webhook.url: is missing; an enabled webhook needs one`] : [];
  });
}

const AIRBYTES_PAGE = 20;

// Airbyte's own deletion looks at the first page of the sources and the destinations only, and leaves the rest behind.
async function empty(id: string, api: AirbyteApi): Promise<void> {
  for (const kind of ["destination", "source"] as const) {
    const actors = await api.listActors(kind, id);
    if (actors.length <= AIRBYTES_PAGE) continue;
    for (const actor of actors) await api.deleteActor(kind, actor.id, actor.name);
  }
}
