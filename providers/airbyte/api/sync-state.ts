import { z } from "zod";
import type { Client } from "./client.ts";
import { AirbyteError } from "./errors.ts";
import { ask, isNoSuchCall } from "./rpc.ts";
import type { JsonObject } from "./types.ts";

const object = z.record(z.string(), z.any()) as unknown as z.ZodType<JsonObject>;

const SyncState = z.looseObject({
  /** `not_set` before the first sync that keeps one. */
  stateType: z.string(),
  state: object.nullish(),
  streamState: z.array(object).nullish(),
  globalState: object.nullish(),
});

/** What the syncs of a connection have noted, for the next one to go on from. Only the older API tells it, so Airbyte Cloud does not. */
export type SyncState = z.infer<typeof SyncState>;

/** True where there is something to go on from. */
export function isSet({ stateType }: SyncState): boolean {
  return stateType !== "not_set";
}

/** undefined where this Airbyte has no calls for states, or keeps them from this application. */
export async function readSyncState(client: Client, connectionId: string): Promise<SyncState | undefined> {
  if (!client.hasConfigApi) return undefined;
  try {
    return await getState(client, connectionId);
  } catch (error) {
    if (isNoSuchCall(error) || (error instanceof AirbyteError && error.status === 403)) return undefined;
    throw error;
  }
}

/** Whether this Airbyte has the calls for states: asked for a connection that there is none of, since no other may be there yet. */
export async function keepsSyncStates(client: Client): Promise<boolean> {
  if (!client.hasConfigApi) return false;
  try {
    await getState(client, NOBODYS);
    return true;
  } catch (error) {
    if (isNoSuchCall(error)) return false;
    // Its answer to an id that it doesn't know.
    if (error instanceof AirbyteError && error.code === "refused") return true;
    throw error;
  }
}

function getState(client: Client, connectionId: string): Promise<SyncState> {
  const call = { schema: SyncState, doing: `read the sync state of connection ${connectionId}` };
  return ask(client, "/state/get", { connectionId }, call, true);
}

const NOBODYS = "00000000-0000-4000-8000-000000000000";

/**
 * Gives a connection a state, in place of the one that it has.
 *
 * @throws AirbyteError with status 423 while a sync of the connection runs: that one would write its own over it.
 */
export async function writeSyncState(
  client: Client,
  connectionId: string,
  name: string,
  { stateType, state, streamState, globalState }: SyncState,
): Promise<void> {
  const connectionState = { stateType, connectionId, state, streamState, globalState };
  const doing = `write the sync state of connection ${JSON.stringify(name)}`;
  await ask(client, "/state/create_or_update_safe", { connectionId, connectionState }, { doing }, true);
}
