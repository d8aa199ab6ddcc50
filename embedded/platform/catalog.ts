import { randomUUID } from "node:crypto";
import { badRequest, Problem } from "../api/problems.ts";
import type { Catalog, Connector, ConnectorSpec, DiscoveredStream } from "../connectors/connector.ts";
import { openStream } from "../connectors/simulated.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Mapper, StreamConfiguration } from "../state.ts";
import { checkCursor, checkKey, checkSelectedFields, cursorOf, keyOf } from "./stream-fields.ts";
import { mask } from "../connectors/secrets.ts";
import { possibleModes, type SyncMode } from "../sync-modes.ts";

type Optional<T> = T | null | undefined;

/** A stream as a request has it. */
export interface RequestedStream {
  name: string;
  namespace?: Optional<string>;
  syncMode?: Optional<SyncMode>;
  cursorField?: Optional<string[]>;
  primaryKey?: Optional<string[][]>;
  selectedFields?: Optional<{ fieldPath: string[] }[]>;
  mappers?: Optional<{ id?: Optional<string>; type: string; mapperConfiguration: JsonObject }[]>;
  includeFiles?: Optional<boolean>;
  destinationObjectName?: Optional<string>;
}

/**
 * The streams that a connection gets when its creator named none. Airbyte takes the connector's suggested streams, or
 * the only stream there is; a source with several streams and no suggestion yields none at all.
 */
export function suggestedStreams(catalog: Catalog, source: Connector): StreamConfiguration[] {
  return catalog.streams
    .filter(({ name }) => catalog.streams.length === 1 || source.suggestedStreams?.includes(name))
    .map((stream) => configured(stream, { name: stream.name }, "full_refresh_overwrite", []));
}

/** The requested streams with everything that Airbyte fills in, in the order of the request. */
export function configureStreams(
  requested: RequestedStream[],
  catalog: Catalog,
  source: Connector,
  destination: ConnectorSpec,
  stored: StreamConfiguration[] = [],
): StreamConfiguration[] {
  const taken = new Set<DiscoveredStream>();
  return requested.map((request) => {
    const stream = match(request, catalog, source);
    if (taken.has(stream)) throw badRequest(`Duplicate stream found in configuration for: ${request.name}.`);
    taken.add(stream);
    const mode = request.syncMode ?? "full_refresh_overwrite";
    const possible = possibleModes(stream.supportedSyncModes, destination.supportedDestinationSyncModes);
    if (mode !== "full_refresh_overwrite" && !possible.includes(mode)) {
      throw badRequest(
        `Cannot set sync mode to ${mode} for stream ${stream.name}. Valid sync modes are: ${possible.join(", ")}`,
      );
    }
    checkCursor(stream, mode, request.cursorField);
    checkKey(stream, mode, request.primaryKey);
    checkSelectedFields(stream, mode, request);
    const before = stored.find(
      ({ name, namespace }) => name === stream.name && namespace === (stream.namespace ?? null),
    );
    return configured(stream, request, mode, before?.mappers ?? []);
  });
}

// Airbyte compares the namespace only where several streams share the name; else a wrong one goes unnoticed.
function match(request: RequestedStream, catalog: Catalog, source: Connector): DiscoveredStream {
  const byName = catalog.streams.filter(({ name }) => name === request.name);
  const matches =
    byName.length > 1 ? byName.filter(({ namespace }) => (namespace ?? null) === (request.namespace ?? null)) : byName;
  const [found] = matches;
  if (found) return found;
  if (source.openEnded) {
    const stream = openStream(request.name, request.namespace ?? undefined);
    catalog.streams.push(stream);
    return stream;
  }
  const names = catalog.streams.map(({ name, namespace }) => (namespace ? `${namespace}.${name}` : name));
  throw badRequest(
    `Invalid stream found: ${request.name}. The list of valid streams include: [${[...new Set(names)].join(", ")}].`,
  );
}

function configured(
  stream: DiscoveredStream,
  request: RequestedStream,
  syncMode: SyncMode,
  storedMappers: Mapper[],
): StreamConfiguration {
  const order = Object.keys((stream.jsonSchema.properties ?? {}) as JsonObject);
  const rank = ({ fieldPath: [field = ""] }: { fieldPath: string[] }) => order.indexOf(field);
  return {
    name: stream.name,
    namespace: stream.namespace ?? null,
    syncMode,
    cursorField: cursorOf(stream, syncMode, request),
    primaryKey: keyOf(stream, syncMode, request),
    // Read back in the order of the schema, whatever the order of the request.
    selectedFields: [...(request.selectedFields ?? [])].sort((a, b) => rank(a) - rank(b)),
    mappers: (request.mappers ?? []).map((mapper) => withStoredSecret(mapper, storedMappers)),
    includeFiles: stream.isFileBased ? (request.includeFiles ?? false) : null,
    destinationObjectName: request.destinationObjectName ?? null,
  };
}

/** The key of an encrypting mapper is a secret; its mask stands for the stored one, found by the mapper's id. */
export function withStoredSecret(
  { id, type, mapperConfiguration }: NonNullable<RequestedStream["mappers"]>[number],
  stored: Mapper[],
): Mapper {
  const mapper = { id: id ?? randomUUID(), type, mapperConfiguration: withConditions(mapperConfiguration) };
  if (type !== "encryption" || mapperConfiguration.key !== mask) return mapper;
  const key = stored.find((candidate) => candidate.id === id)?.mapperConfiguration.key;
  if (key === undefined) {
    throw new Problem(400, "error:mapper-validation/secret-not-found", "The secret of the mapper is not known.", {
      message: "A masked secret was given, but there is no stored mapper with this id",
    });
  }
  return { ...mapper, mapperConfiguration: { ...mapperConfiguration, key } };
}

// Airbyte reads each condition of a row filter into a class that has a list of further ones, and shows it where it is empty too.
function withConditions({ conditions, ...others }: JsonObject): JsonObject {
  if (!isObject(conditions)) return conditions === undefined ? others : { ...others, conditions };
  const full = (condition: Json): Json => {
    if (!isObject(condition)) return condition;
    const inner = Array.isArray(condition.conditions) ? condition.conditions : [];
    return { ...condition, conditions: inner.map(full) };
  };
  return { ...others, conditions: full(conditions) };
}

/** A mapper as answers show it. */
export function shownMapper(mapper: Mapper): Mapper {
  const secret = mapper.type === "encryption" && "key" in mapper.mapperConfiguration;
  return secret ? { ...mapper, mapperConfiguration: { ...mapper.mapperConfiguration, key: mask } } : mapper;
}
