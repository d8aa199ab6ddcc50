import type { Client } from "../../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { isSet, readSyncState, writeSyncState } from "../../../providers/airbyte/api/sync-state.ts";
import type { Connection } from "../../../providers/airbyte/api/types.ts";
import { same } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { canonicalStreams, type StreamInputs } from "../../../providers/airbyte/kinds/connection/streams.ts";
import { openAirbyte } from "../../stack/airbyte.ts";
import { findConnections, type Found, type Side } from "./connections.ts";
import type { Planned } from "./plan.ts";

/** Says what came of each connection; resolves with the names of those whose state could not be carried over. */
export async function carryStates(
  planned: Planned[],
  from: Side,
  to: Side,
  say: (line: string) => void,
): Promise<string[]> {
  const carried = planned.filter(({ fate }) => fate === "carried");
  if (carried.length === 0) return [];
  const [first, other] = await Promise.all([openAirbyte(from.facts), openAirbyte(to.facts)]);
  const there = await findConnections(to, other);
  const failed: string[] = [];
  for (const { name, found } of carried) {
    const why = await carry(name, found, there.get(name), first.client, other.client);
    say(why === undefined ? `${name}: sync state carried over` : `${name}: its sync state is NOT carried over: ${why}`);
    if (why !== undefined) failed.push(name);
  }
  return failed;
}

/** Why it could not be. */
async function carry(
  name: string,
  first: Found | undefined,
  other: Found | undefined,
  from: Client,
  to: Client,
): Promise<string | undefined> {
  if (!first || !other) return "it is not there";
  if (other.syncs.length > 0) return "it has synced already";
  const differing = whyOtherStreams(first.connection, other.connection);
  if (differing !== undefined) return differing;
  try {
    // As it is now: the one that was read for the plan may be minutes old.
    const state = await readSyncState(from, first.id);
    if (!state || !isSet(state)) return "the first connection has none any more";
    await writeSyncState(to, other.id, name, state);
    return undefined;
  } catch (error) {
    if (error instanceof AirbyteError) return error.message;
    throw error;
  }
}

/** A state is of streams that are read and written in one way; what else an Airbyte tells of them differs by version. */
function whyOtherStreams(first: Connection, other: Connection): string | undefined {
  return same(streamsOf(first), streamsOf(other)) ? undefined : "its streams are set otherwise there";
}

function streamsOf({ configurations }: Connection) {
  const streams = (configurations?.streams ?? []).map(({ name, namespace, syncMode, cursorField, primaryKey }) => {
    return { name, namespace: namespace ?? "", syncMode, cursorField: cursorField ?? [], primaryKey: primaryKey ?? [] };
  });
  return canonicalStreams(streams as StreamInputs[]);
}
