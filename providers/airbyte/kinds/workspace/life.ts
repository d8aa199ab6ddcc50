import type { AirbyteApi } from "../../api/airbyte-api.ts";
import type { Json } from "../../api/types.ts";
import { seenThrough } from "../../lifecycle/canonical.ts";
import type { CommonInputs } from "../../lifecycle/handler.ts";
import type { ObjectLife } from "../../lifecycle/object-kind.ts";
import type { WorkspaceBody, WorkspaceObject } from "./calls.ts";
import type { Notifications } from "./notifications.ts";

export interface WorkspaceInputs extends CommonInputs, WorkspaceBody {}

export const workspaceLife: ObjectLife<WorkspaceInputs, WorkspaceObject> = {
  shown: ({ name, notifications, regionId }, declared) => ({
    name,
    notifications: seenThrough((declared.notifications ?? {}) as Json, notifications as Json) as Notifications,
    ...(regionId === undefined ? {} : { regionId }),
  }),
  beforeDelete: empty,
};

const AIRBYTES_PAGE = 20;

// Airbyte's own deletion looks at the first page of the sources and the destinations only, and leaves the rest behind.
async function empty(id: string, api: AirbyteApi): Promise<void> {
  for (const kind of ["destination", "source"] as const) {
    const actors = await api.listActors(kind, id);
    if (actors.length <= AIRBYTES_PAGE) continue;
    for (const actor of actors) await api.deleteActor(kind, actor.id, actor.name);
  }
}
