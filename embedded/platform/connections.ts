import { randomUUID } from "node:crypto";
import { isObject, type Json, type JsonObject, type Optional } from "../json.ts";
import { withGiven } from "../options.ts";
import { badRequest, Problem, syncIsRunning, unexpected } from "../problems.ts";
import {
  halves,
  type Connection,
  type ConnectionState,
  type ConnectionStatus,
  type StreamConfiguration,
} from "../state.ts";
import { connectorOf, findConnection, liveActor, type Platform } from "./platform.ts";
import { scheduleOf, type RequestedSchedule } from "./schedules.ts";
import { configureStreams, suggestedStreams, type RequestedStream } from "./streams.ts";

/** What a request may say about a connection; null and undefined both mean: not said. */
export interface ConnectionSettings {
  name?: Optional<string>;
  status?: Optional<ConnectionStatus>;
  schedule?: Optional<RequestedSchedule>;
  configurations?: Optional<{ streams?: Optional<RequestedStream[]> }>;
  /** Taken as they are, without a look at the source: this is how the config API works. None is a list as well. */
  streams?: StreamConfiguration[] | undefined;
  namespaceDefinition?: Optional<Connection["namespaceDefinition"]>;
  namespaceFormat?: Optional<string>;
  nonBreakingSchemaUpdatesBehavior?: Optional<Connection["nonBreakingSchemaUpdatesBehavior"]>;
  prefix?: Optional<string>;
  tags?: Optional<{ tagId: string; workspaceId: string; name: string; color: string }[]>;
}

export async function createConnection(
  platform: Platform,
  given: ConnectionSettings & { sourceId: string; destinationId: string },
): Promise<Connection> {
  const source = liveActor(platform, "source", given.sourceId);
  const destination = liveActor(platform, "destination", given.destinationId);
  const schedule = scheduleOf(given.schedule ?? { scheduleType: "manual" });
  // Discovery runs even when a list of streams is given.
  const streams = given.streams ?? (await streamsOf(platform, source.id, destination.id, given, []));
  if (source.workspaceId !== destination.workspaceId) {
    throw unexpected("Source and destination do not belong to the same workspace");
  }
  return platform.store.connections.put({
    id: randomUUID(),
    name: given.name ?? `${source.name} <> ${destination.name}`,
    sourceId: source.id,
    destinationId: destination.id,
    workspaceId: source.workspaceId,
    status: given.status ?? "active",
    schedule,
    streams,
    namespaceDefinition: given.namespaceDefinition ?? "destination",
    namespaceFormat: given.namespaceFormat ?? null,
    nonBreakingSchemaUpdatesBehavior: given.nonBreakingSchemaUpdatesBehavior ?? "ignore",
    prefix: given.prefix ?? "",
    tagIds: tagIdsOf(platform, source.workspaceId, given) ?? [],
    createdAt: Date.now(),
  });
}

/** PATCH: what is null or absent stays; tags and streams are replaced as a whole, but by no empty list of streams. */
export async function patchConnection(platform: Platform, id: string, given: ConnectionSettings): Promise<Connection> {
  const connection = findConnection(platform, id);
  if (connection.status === "locked") {
    throw new Problem(409, "error:connection/locked", "The connection is locked.", {
      message: "This connection is locked and cannot be changed",
    });
  }
  const schedule = given.schedule ? scheduleOf(given.schedule) : undefined;
  const tagIds = tagIdsOf(platform, connection.workspaceId, given);
  const streams = given.configurations?.streams?.length
    ? await streamsOf(platform, connection.sourceId, connection.destinationId, given, connection.streams)
    : given.streams;
  if (given.status === "deprecated") platform.jobs.cancelAllOf(id);
  // Read again: another request may have changed it while this one waited for discovery.
  const current = findConnection(platform, id);
  if (streams) forgetStates(platform, current, streams);
  return platform.store.connections.put(withGiven(current, { ...given, schedule, streams, tagIds }));
}

function forgetStates({ store }: Platform, { id, streams }: Connection, next: StreamConfiguration[]): void {
  const state = store.states.get(id);
  const changed = streamsReadOtherwise(streams, next);
  if (!state || changed.length === 0) return;
  const left = withoutStreams(state, changed);
  if (left) store.states.put(left);
  else store.states.remove(id);
}

/** A deleted connection stays, as `deprecated`, and its job ends. */
export function deprecateConnection(platform: Platform, connection: Connection): void {
  platform.jobs.cancelAllOf(connection.id);
  platform.store.connections.put({ ...connection, status: "deprecated" });
}

async function streamsOf(
  platform: Platform,
  sourceId: string,
  destinationId: string,
  { configurations }: ConnectionSettings,
  stored: Connection["streams"],
) {
  const source = liveActor(platform, "source", sourceId);
  const destination = liveActor(platform, "destination", destinationId);
  const sourceConnector = connectorOf(platform, "source", source.definitionId);
  const catalog = await platform.discovery.catalogOf(source, sourceConnector);
  const destinationSpec = await connectorOf(platform, "destination", destination.definitionId).spec();
  const requested = configurations?.streams ?? [];
  if (requested.length === 0) return suggestedStreams(catalog, sourceConnector);
  return configureStreams(requested, catalog, sourceConnector, destinationSpec, stored);
}

function tagIdsOf({ store }: Platform, workspaceId: string, { tags }: ConnectionSettings): string[] | undefined {
  return tags?.map(({ tagId }) => {
    if (store.tags.get(tagId)?.workspaceId !== workspaceId) {
      throw badRequest(`Tag ${tagId} does not exist in workspace ${workspaceId}`);
    }
    return tagId;
  });
}

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
function streamsReadOtherwise(before: StreamConfiguration[], after: StreamConfiguration[]): StreamConfiguration[] {
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
