import type { AirbyteApi } from "../airbyte/api/airbyte-api.ts";
import type { Session } from "../airbyte/session.ts";
import type { InstallationInputs } from "./kind.ts";

/**
 * On data that an earlier life of the stack left, its pipelines are there already. The journal of the machine that made them knows
 * their ids; on any other machine they are known by their names, for nobody else makes objects in this Airbyte.
 */
export async function inheritData(inputs: InstallationInputs, session: Session): Promise<void> {
  const { api, intents } = await session.context(inputs);
  await intents.release();
  if (await holdsPipelines(api)) await intents.inherit(api.serverTime());
}

async function holdsPipelines(api: AirbyteApi): Promise<boolean> {
  const workspaces = await api.listWorkspaces();
  if (workspaces.length > 1) return true;
  for (const { workspaceId } of workspaces) {
    for (const kind of ["source", "destination"] as const) {
      for await (const page of api.pagesOfActors(kind, workspaceId)) if (page.length > 0) return true;
    }
  }
  return false;
}
