import { randomUUID } from "node:crypto";
import { badRequest, notFound, Problem, unexpected } from "../api/problems.ts";
import type { Instance } from "../instance.ts";
import type { Connection, ConnectionStatus, StreamConfiguration } from "../state.ts";
import { streamsReadOtherwise, withoutStreams } from "../syncs/states.ts";
import { connectorOf, liveActor } from "./actors.ts";
import { configureStreams, suggestedStreams, type RequestedStream } from "./catalog.ts";
import { scheduleOf, type RequestedSchedule } from "./schedules.ts";

type Optional<T> = T | null | undefined;

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

/** Deleted ones are found as well: Airbyte answers a GET of them with 200 and `status: deprecated`. */
export function findConnection({ store }: Pick<Instance, "store">, id: string): Connection {
  const connection = store.connections.get(id);
  if (!connection) throw notFound("connection", id);
  return connection;
}

export async function createConnection(
  instance: Instance,
  given: ConnectionSettings & { sourceId: string; destinationId: string },
): Promise<Connection> {
  const source = liveActor(instance, "source", given.sourceId);
  const destination = liveActor(instance, "destination", given.destinationId);
  const schedule = scheduleOf(given.schedule ?? { scheduleType: "manual" });
  // Discovery runs even when a list of streams is given.
  const streams = given.streams ?? (await streamsOf(instance, source.id, destination.id, given, []));
  if (source.workspaceId !== destination.workspaceId) {
    throw unexpected("Source and destination do not belong to the same workspace");
  }
  return instance.store.connections.put({
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
    tagIds: tagIdsOf(instance, source.workspaceId, given) ?? [],
    createdAt: Date.now(),
  });
}

/** PATCH: what is null or absent stays; tags and streams are replaced as a whole, but by no empty list of streams. */
export async function patchConnection(instance: Instance, id: string, given: ConnectionSettings): Promise<Connection> {
  const connection = findConnection(instance, id);
  if (connection.status === "locked") {
    throw new Problem(409, "error:connection/locked", "The connection is locked.", {
      message: "This connection is locked and cannot be changed",
    });
  }
  const schedule = given.schedule ? scheduleOf(given.schedule) : undefined;
  const tagIds = tagIdsOf(instance, connection.workspaceId, given);
  const streams = given.configurations?.streams?.length
    ? await streamsOf(instance, connection.sourceId, connection.destinationId, given, connection.streams)
    : given.streams;
  if (given.status === "deprecated") instance.jobs.cancelAllOf(id);
  // Read again: another request may have changed it while this one waited for discovery.
  const current = findConnection(instance, id);
  if (streams) forgetStates(instance, current, streams);
  return instance.store.connections.put({
    ...current,
    name: given.name ?? current.name,
    status: given.status ?? current.status,
    schedule: schedule ?? current.schedule,
    streams: streams ?? current.streams,
    namespaceDefinition: given.namespaceDefinition ?? current.namespaceDefinition,
    namespaceFormat: given.namespaceFormat ?? current.namespaceFormat,
    nonBreakingSchemaUpdatesBehavior:
      given.nonBreakingSchemaUpdatesBehavior ?? current.nonBreakingSchemaUpdatesBehavior,
    prefix: given.prefix ?? current.prefix,
    tagIds: tagIds ?? current.tagIds,
  });
}

function forgetStates({ store }: Instance, { id, streams }: Connection, next: StreamConfiguration[]): void {
  const state = store.states.get(id);
  const changed = streamsReadOtherwise(streams, next);
  if (!state || changed.length === 0) return;
  const left = withoutStreams(state, changed);
  if (left) store.states.put(left);
  else store.states.remove(id);
}

/** A deleted connection stays, as `deprecated`, and its job ends. */
export function deprecateConnection(instance: Instance, connection: Connection): void {
  instance.jobs.cancelAllOf(connection.id);
  instance.store.connections.put({ ...connection, status: "deprecated" });
}

async function streamsOf(
  instance: Instance,
  sourceId: string,
  destinationId: string,
  { configurations }: ConnectionSettings,
  stored: Connection["streams"],
) {
  const source = liveActor(instance, "source", sourceId);
  const destination = liveActor(instance, "destination", destinationId);
  const sourceConnector = connectorOf(instance, "source", source.definitionId);
  const catalog = await instance.discovery.catalogOf(source, sourceConnector);
  const destinationSpec = await connectorOf(instance, "destination", destination.definitionId).spec();
  const requested = configurations?.streams ?? [];
  if (requested.length === 0) return suggestedStreams(catalog, sourceConnector);
  return configureStreams(requested, catalog, sourceConnector, destinationSpec, stored);
}

function tagIdsOf({ store }: Instance, workspaceId: string, { tags }: ConnectionSettings): string[] | undefined {
  return tags?.map(({ tagId }) => {
    if (store.tags.get(tagId)?.workspaceId !== workspaceId) {
      throw badRequest(`Tag ${tagId} does not exist in workspace ${workspaceId}`);
    }
    return tagId;
  });
}
