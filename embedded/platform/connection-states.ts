import { isObject, type Json, type JsonObject } from "../json.ts";
import { syncIsRunning } from "../problems.ts";
import type { ConnectionState, StreamConfiguration } from "../state.ts";
import { halves } from "../sync-modes.ts";
import { findConnection, type Platform } from "./platform.ts";

/** The config API's words on the left, the Airbyte Protocol's on the right. */

interface Descriptor {
  name: string;
  namespace: string | null;
}

/** What a source is given to go on from: the states of the streams that it reads incrementally, and null if none. */
export function protocolStates(
  state: ConnectionState | undefined,
  streams: StreamConfiguration[],
): JsonObject[] | null {
  if (!state) return null;
  const incremental = streams.filter(({ syncMode }) => halves[syncMode].source === "incremental");
  const going = (one: JsonObject) => incremental.some((stream) => same(stream, descriptorIn(one.streamDescriptor)));
  if (state.stateType === "legacy" && state.state) return [{ type: "LEGACY", data: state.state }];
  if (state.stateType === "global" && state.globalState) {
    const { sharedState = null, streamStates } = state.globalState;
    const streamsNow = objects(streamStates).filter(going).map(toProtocol);
    return [{ type: "GLOBAL", global: { shared_state: sharedState, stream_states: streamsNow } }];
  }
  const found = (state.streamState ?? []).filter(going).map((one) => ({ type: "STREAM", stream: toProtocol(one) }));
  return found.length > 0 ? found : null;
}

/** The connection's state after the destination has committed one; anything but the protocol's forms leaves it. */
export function withCommitted(before: ConnectionState, committed: JsonObject): ConnectionState {
  const none: ConnectionState = {
    id: before.id,
    stateType: "stream",
    state: null,
    streamState: null,
    globalState: null,
  };
  if (committed.type === "GLOBAL" && isObject(committed.global)) {
    const { shared_state: sharedState = null, stream_states } = committed.global;
    const globalState = { sharedState, streamStates: objects(stream_states).map(fromProtocol) };
    return { ...none, stateType: "global", globalState };
  }
  if (committed.type === "LEGACY" && isObject(committed.data)) {
    return { ...none, stateType: "legacy", state: committed.data };
  }
  if (!isObject(committed.stream) || !isObject(committed.stream.stream_descriptor)) return before;
  const stream = fromProtocol(committed.stream);
  const descriptor = descriptorIn(stream.streamDescriptor);
  const others = (before.streamState ?? []).filter((one) => !same(descriptorIn(one.streamDescriptor), descriptor));
  return { ...none, streamState: [...others, stream] };
}

/** Without what it says about these streams; null when nothing is left. */
export function withoutStreams(state: ConnectionState, streams: Descriptor[]): ConnectionState | null {
  const stays = (one: JsonObject) => !streams.some((stream) => same(stream, descriptorIn(one.streamDescriptor)));
  if (state.stateType === "global" && state.globalState) {
    const left = objects(state.globalState.streamStates).filter(stays);
    return left.length === 0 ? null : { ...state, globalState: { ...state.globalState, streamStates: left } };
  }
  if (state.stateType !== "stream") return state;
  const left = (state.streamState ?? []).filter(stays);
  return left.length === 0 ? null : { ...state, streamState: left };
}

/** The streams that were read in another way before: Airbyte deletes their states, and so their next sync reads all. */
export function streamsReadOtherwise(
  before: StreamConfiguration[],
  after: StreamConfiguration[],
): StreamConfiguration[] {
  return after.filter((stream) => {
    const known = before.find((one) => same(one, stream));
    return known !== undefined && halves[known.syncMode].source !== halves[stream.syncMode].source;
  });
}

function same(one: Descriptor, other: Descriptor): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

function descriptorIn(given: Json | undefined): Descriptor {
  const { name, namespace } = isObject(given) ? given : {};
  return {
    name: typeof name === "string" ? name : "",
    namespace: typeof namespace === "string" && namespace !== "" ? namespace : null,
  };
}

function toProtocol({ streamDescriptor, streamState = null }: JsonObject): JsonObject {
  return { stream_descriptor: streamDescriptor ?? null, stream_state: streamState };
}

function fromProtocol({ stream_descriptor, stream_state = null }: JsonObject): JsonObject {
  const { name, namespace } = descriptorIn(stream_descriptor);
  return { streamDescriptor: { name, ...(namespace === null ? {} : { namespace }) }, streamState: stream_state };
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What the last syncs left there, or what was put there. */
export function stateOf(platform: Pick<Platform, "store">, connectionId: string): ConnectionState {
  const { id } = findConnection(platform, connectionId);
  const none: ConnectionState = { id, stateType: "not_set", state: null, streamState: null, globalState: null };
  return platform.store.states.get(id) ?? none;
}

/** Keeps a state of the Airbyte Protocol, whose records are safe in the destination. */
export function commitState(platform: Pick<Platform, "store">, connectionId: string, committed: JsonObject): void {
  const before = stateOf(platform, connectionId);
  const after = withCommitted(before, committed);
  if (after !== before) platform.store.states.put(after);
}

/** Refused while a job of the connection is under way, since it would write its own state over this one. */
export function putStateSafely(platform: Pick<Platform, "store" | "jobs">, state: ConnectionState): ConnectionState {
  const { id } = findConnection(platform, state.id);
  if (platform.jobs.isRunning(id)) {
    throw syncIsRunning("State cannot be updated while a sync is running for this connection.");
  }
  return platform.store.states.put(state);
}
