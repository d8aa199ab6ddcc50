import { randomUUID } from "node:crypto";
import type { Optional } from "../json.ts";
import { withGiven } from "../options.ts";
import { badRequest, Problem, unexpected } from "../problems.ts";
import type { Connection, ConnectionStatus, StreamConfiguration } from "../state.ts";
import { streamsReadOtherwise, withoutStreams } from "./connection-states.ts";
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
