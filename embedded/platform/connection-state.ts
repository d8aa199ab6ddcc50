import { syncIsRunning } from "../api/problems.ts";
import type { Instance } from "../instance.ts";
import type { JsonObject } from "../json.ts";
import type { ConnectionState } from "../state.ts";
import { withCommitted } from "../syncs/states.ts";
import { findConnection } from "./connections.ts";

/** What the last syncs left there, or what was put there. */
export function stateOf(instance: Pick<Instance, "store">, connectionId: string): ConnectionState {
  const { id } = findConnection(instance, connectionId);
  const none: ConnectionState = { id, stateType: "not_set", state: null, streamState: null, globalState: null };
  return instance.store.states.get(id) ?? none;
}

/** Keeps a state of the Airbyte Protocol, whose records are safe in the destination. */
export function commitState(instance: Pick<Instance, "store">, connectionId: string, committed: JsonObject): void {
  const before = stateOf(instance, connectionId);
  const after = withCommitted(before, committed);
  if (after !== before) instance.store.states.put(after);
}

/** Refused while a job of the connection is under way, since it would write its own state over this one. */
export function putStateSafely(instance: Pick<Instance, "store" | "jobs">, state: ConnectionState): ConnectionState {
  const { id } = findConnection(instance, state.id);
  if (instance.jobs.isRunning(id)) {
    throw syncIsRunning("State cannot be updated while a sync is running for this connection.");
  }
  return instance.store.states.put(state);
}
