import { randomUUID } from "node:crypto";
import type { Catalog, Connector, ConnectorSpec, DiscoveredStream } from "../connectors/connector.ts";
import { mask } from "../connectors/secrets.ts";
import { openStream } from "../connectors/simulated.ts";
import { isObject, type Json, type JsonObject, type Optional } from "../json.ts";
import { badRequest, Problem } from "../problems.ts";
import { possibleModes, usesCursor, usesKey, type Mapper, type StreamConfiguration, type SyncMode } from "../state.ts";
import { checkMappers, fieldNames } from "./mappers.ts";

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
  const schemas: (string[] | undefined)[] = [];
  const streams = requested.map((request) => {
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
    schemas.push(fieldNames(stream.jsonSchema));
    return configured(stream, request, mode, before?.mappers ?? []);
  });
  checkMappersOf(streams, schemas);
  return streams;
}

/**
 * Refuses mappers that can't be done with the fields that are selected.
 *
 * @param schemas the fields of each stream; undefined where its schema says nothing of them
 */
export function checkMappersOf(
  streams: readonly StreamConfiguration[],
  schemas: readonly (string[] | undefined)[],
): void {
  const mapped = streams.map(({ name, mappers, selectedFields }, index) => {
    const selected = selectedFields.map(({ fieldPath: [field = ""] }) => field);
    const isSelected = (field: string) => selected.length === 0 || selected.includes(field);
    return { name, mappers, fields: schemas[index]?.filter(isSelected) };
  });
  checkMappers(mapped);
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
  // Without an id there is nothing to look for, and the mask is taken for the key.
  if (type !== "encryption" || mapperConfiguration.key !== mask || !id) return mapper;
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

const needsCursor: SyncMode[] = ["incremental_append", "incremental_deduped_history"];
// Overwrite + dedup needs no key here, surprisingly.
const needsKey: SyncMode[] = ["incremental_deduped_history", "full_refresh_update", "incremental_update"];
const selectsKey: SyncMode[] = [...needsKey, "full_refresh_overwrite_deduped"];

/** What is given for a mode that needs none isn't even looked at. */
function checkCursor(stream: DiscoveredStream, mode: SyncMode, cursor: RequestedStream["cursorField"]): void {
  if (!needsCursor.includes(mode)) return;
  if (cursor?.length) {
    if (stream.sourceDefinedCursor && !same(cursor, stream.defaultCursorField)) {
      throw badRequest(
        `Cursor Field ${cursor.join(".")} is already defined by source for stream: ${stream.name}. ` +
          "Do not include a cursor field configuration for this stream.",
      );
    }
    checkField(stream, cursor, "cursor field");
    return;
  }
  if (!stream.open && !stream.sourceDefinedCursor && !stream.defaultCursorField?.length) {
    throw badRequest(
      `No default cursor field for stream: ${stream.name}. Please include a cursor field configuration for this stream.`,
    );
  }
}

function checkKey(stream: DiscoveredStream, mode: SyncMode, key: RequestedStream["primaryKey"]): void {
  if (!needsKey.includes(mode)) return;
  const defined = stream.sourceDefinedPrimaryKey ?? [];
  if (key?.length) {
    if (defined.length > 0 && !same(key, defined)) {
      throw badRequest(
        `Primary key for stream: ${stream.name} is already pre-defined. Please do NOT include a primary key ` +
          "configuration for this stream.",
      );
    }
    for (const path of key) checkField(stream, path, "primary key");
    const paths = key.map((path) => JSON.stringify(path));
    if (new Set(paths).size < paths.length) throw badRequest(`Duplicate primary key for stream: ${stream.name}.`);
    return;
  }
  if (!stream.open && defined.length === 0) {
    throw badRequest(
      `A primary key is required for stream: ${stream.name}. Please include a primary key configuration for this stream.`,
    );
  }
}

function checkSelectedFields(stream: DiscoveredStream, mode: SyncMode, request: RequestedStream): void {
  const { selectedFields } = request;
  if (!selectedFields) return;
  if (selectedFields.length === 0) {
    throw badRequest(`No fields selected for stream ${stream.name}. Leave selectedFields out to select every field.`);
  }
  const selected = selectedFields.map(({ fieldPath }) => {
    const [field] = fieldPath;
    if (field === undefined) throw badRequest(`Selected field path cannot be empty for stream: ${stream.name}.`);
    if (fieldPath.length > 1) {
      throw badRequest(`Nested field selection not supported for stream ${stream.name}: ${fieldPath.join(".")}.`);
    }
    checkField(stream, fieldPath, "selected field");
    return field;
  });
  if (new Set(selected).size < selected.length) {
    throw badRequest(`Duplicate fields selected in configuration for stream: ${stream.name}.`);
  }
  const isSelected = ([field]: string[]) => field === undefined || selected.includes(field);
  if (selectsKey.includes(mode) && !keyOf(stream, mode, request).every(isSelected)) {
    throw badRequest(
      `Primary key fields are not selected properly for stream: ${stream.name}. ` +
        "Please include primary key(s) in the configuration for this stream.",
    );
  }
  if (usesCursor(mode) && !isSelected(cursorOf(stream, mode, request))) {
    throw badRequest(
      `Cursor field is not selected properly for stream: ${stream.name}. ` +
        "Please include the cursor field in selected fields for this stream.",
    );
  }
}

/** What the stream goes by: where the mode has no use for one, or the source has its own, never what is given. */
function cursorOf(stream: DiscoveredStream, mode: SyncMode, { cursorField }: RequestedStream): string[] {
  const isGiven = usesCursor(mode) && !stream.sourceDefinedCursor && cursorField?.length;
  return isGiven ? cursorField : (stream.defaultCursorField ?? []);
}

/** The same of its key. */
function keyOf(stream: DiscoveredStream, mode: SyncMode, { primaryKey }: RequestedStream): string[][] {
  const defined = stream.sourceDefinedPrimaryKey ?? [];
  return defined.length === 0 && usesKey(mode) ? (primaryKey ?? []) : defined;
}

/** A whole path: a key of two fields isn't the second below the first. */
function checkField(stream: DiscoveredStream, path: string[], role: string): void {
  const names = fieldNames(stream.jsonSchema);
  if (!names || hasPath(stream.jsonSchema, path)) return;
  throw badRequest(
    `Invalid ${role} for stream ${stream.name}: ${path.join(".")}. The list of valid fields include: ` +
      `[${names.join(", ")}].`,
  );
}

function hasPath(schema: JsonObject, [field, ...rest]: string[]): boolean {
  if (field === undefined) return true;
  const { properties } = schema;
  const inner = isObject(properties) && Object.hasOwn(properties, field) ? properties[field] : undefined;
  return inner !== undefined && (rest.length === 0 || (isObject(inner) && hasPath(inner, rest)));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
