import { z } from "zod";
import type { Catalog, Connector, DiscoveredStream } from "../../connectors/connector.ts";
import { openStream } from "../../connectors/simulated.ts";
import { isObject, type JsonObject } from "../../json.ts";
import { connectorOf, findActor } from "../../platform/platform.ts";
import { fieldNames } from "../../platform/mappers.ts";
import { checkMappersOf, shownMapper, suggestedStreams, withStoredSecret } from "../../platform/streams.ts";
import { badRequest, unexpected, unprocessable } from "../../problems.ts";
import { halves, modeOf, type Actor, type Connection, type StreamConfiguration } from "../../state.ts";
import { object, uuid, type Instance } from "../requests.ts";

const path = z.array(z.string());
const entry = z.object({
  stream: z.object({ name: z.string(), namespace: z.string().nullish(), jsonSchema: object.nullish() }),
  config: z.object({
    syncMode: z.enum(["full_refresh", "incremental"]),
    destinationSyncMode: z.enum(["append", "overwrite", "append_dedup", "overwrite_dedup", "update", "soft_delete"]),
    selected: z.boolean(),
    cursorField: path.nullish(),
    primaryKey: z.array(path).nullish(),
    fieldSelectionEnabled: z.boolean().nullish(),
    selectedFields: z.array(z.object({ fieldPath: path })).nullish(),
    mappers: z.array(z.object({ id: uuid.nullish(), type: z.string(), mapperConfiguration: object })).nullish(),
    includeFiles: z.boolean().nullish(),
    destinationObjectName: z.string().nullish(),
  }),
});

export const syncCatalogSchema = z.object({ streams: z.array(entry) });
type Entry = z.output<typeof entry>;

/** Only what is selected is kept, and the source isn't asked whether it has such a stream. */
export function configuredStreams(
  { streams }: z.output<typeof syncCatalogSchema>,
  stored: StreamConfiguration[] = [],
): StreamConfiguration[] {
  const names = streams.map(({ stream }) => keyOf(stream));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw unprocessable(`Duplicate stream in the catalog: ${twice}`);
  const selected = streams.filter(({ config }) => config.selected);
  const configured = selected.map(({ stream, config }) => {
    const syncMode = modeOf(config.syncMode, config.destinationSyncMode);
    if (!syncMode) {
      throw badRequest(`Stream ${stream.name}: ${config.syncMode} and ${config.destinationSyncMode} don't go together`);
    }
    const before = stored.find((candidate) => keyOf(candidate) === keyOf(stream))?.mappers ?? [];
    return {
      name: stream.name,
      namespace: stream.namespace ?? null,
      syncMode,
      cursorField: config.cursorField ?? [],
      primaryKey: config.primaryKey ?? [],
      selectedFields: config.fieldSelectionEnabled ? selectedFields({ stream, config }) : [],
      mappers: (config.mappers ?? []).map((mapper) => withStoredSecret(mapper, before)),
      includeFiles: config.includeFiles ?? null,
      destinationObjectName: config.destinationObjectName ?? null,
    };
  });
  checkMappersOf(
    configured,
    selected.map(({ stream }) => fieldNames(stream.jsonSchema)),
  );
  return configured;
}

function selectedFields({ stream, config }: Entry): StreamConfiguration["selectedFields"] {
  const { selectedFields: given, cursorField, primaryKey } = config;
  if (!given) throw unprocessable("Requested field selection but no selected fields provided");
  const properties: JsonObject | undefined = isObject(stream.jsonSchema?.properties)
    ? stream.jsonSchema.properties
    : undefined;
  if (!properties) throw unprocessable("Requested field selection but no properties node found");
  if (given.some(({ fieldPath }) => fieldPath.length === 0)) {
    throw unprocessable("Selected field path cannot be empty");
  }
  if (given.some(({ fieldPath }) => fieldPath.length > 1)) throw unexpected("Nested field selection not supported");
  const names = given.map(({ fieldPath: [name = ""] }) => name);
  const [cursor] = cursorField ?? [];
  if (config.syncMode === "incremental" && cursor !== undefined && !names.includes(cursor)) {
    throw unprocessable("Cursor field cannot be de-selected in INCREMENTAL syncs");
  }
  const dedup = config.destinationSyncMode === "append_dedup" || config.destinationSyncMode === "overwrite_dedup";
  if (dedup && primaryKey?.some(([name = ""]) => !names.includes(name))) {
    throw unprocessable("Primary key field cannot be de-selected in DEDUP mode");
  }
  // In the order of the schema, and without a word about those it doesn't have.
  const selected = Object.keys(properties).filter((name) => names.includes(name));
  // Airbyte would go on with no field at all.
  if (selected.length === 0) throw unprocessable("No selected field is in the schema of the stream");
  return selected.map((name) => ({ fieldPath: [name] }));
}

/** What tells streams apart. */
function keyOf({ name, namespace }: { name: string; namespace?: string | null | undefined }): string {
  return JSON.stringify([namespace ?? null, name]);
}

/**
 * The catalog of a connection: its streams, and with `all` those that it could have as well, not selected. `fresh` asks
 * the source again.
 */
export async function syncCatalogOf(
  instance: Instance,
  connection: Connection,
  { all = false, fresh = false }: { all?: boolean; fresh?: boolean } = {},
) {
  const source = findActor(instance, "source", connection.sourceId);
  const connector = connectorOf(instance, "source", source.definitionId);
  const catalog = await catalogOf(instance, source, connector, fresh);
  const found = new Map(catalog.streams.map((stream) => [keyOf(stream), stream]));
  const selected = connection.streams.map((configured) => {
    const stream = found.get(keyOf(configured)) ?? openStream(configured.name, configured.namespace ?? undefined);
    return showEntry(all ? stream : withSelectedFields(stream, configured), configured);
  });
  if (!all) return { streams: selected };
  const taken = new Set(connection.streams.map(keyOf));
  const others = discoveredCatalog(catalog, connector)
    .streams.filter(({ stream }) => !taken.has(keyOf(stream)))
    .map(({ stream, config }) => ({ stream, config: { ...config, selected: false } }));
  return { streams: [...selected, ...others] };
}

async function catalogOf(instance: Instance, source: Actor, connector: Connector, fresh: boolean): Promise<Catalog> {
  const { configuration } = source;
  if (!configuration) return { streams: [] };
  const { discovery } = instance;
  try {
    return await (fresh
      ? discovery.catalogOf({ ...source, configuration }, connector, { ignoreCache: true })
      : discovery.lastCatalogOf({ ...source, configuration }, connector));
  } catch {
    // The connection is shown all the same, with the names of its streams alone.
    return { streams: [] };
  }
}

/** What discovery found, each stream with the configuration that Airbyte proposes for it. */
export function discoveredCatalog(catalog: Catalog, connector: Connector) {
  const suggested = new Set(suggestedStreams(catalog, connector).map(keyOf));
  const streams = catalog.streams.map((stream) => {
    const { sourceDefinedCursor = false, defaultCursorField = [], sourceDefinedPrimaryKey = [] } = stream;
    const deduped = sourceDefinedCursor && sourceDefinedPrimaryKey.length > 0;
    const onlyIncremental = sourceDefinedCursor && !stream.supportedSyncModes.includes("full_refresh");
    const selected = suggested.has(keyOf(stream));
    return {
      // Not in Airbyte's answers, as in `GET /streams`.
      stream: { ...showStream(stream), ...(connector.openEnded ? { simulated: true } : {}) },
      config: {
        syncMode: deduped || onlyIncremental ? "incremental" : "full_refresh",
        destinationSyncMode: deduped ? "append_dedup" : onlyIncremental ? "append" : "overwrite",
        cursorField: defaultCursorField,
        primaryKey: sourceDefinedPrimaryKey,
        aliasName: alias(stream.name),
        selected,
        suggested: selected,
        fieldSelectionEnabled: false,
        selectedFields: [],
        mappers: [],
      },
    };
  });
  return { streams };
}

function showEntry(stream: DiscoveredStream, configured: StreamConfiguration) {
  const { syncMode, selectedFields, cursorField, primaryKey, includeFiles, destinationObjectName } = configured;
  const half = halves[syncMode];
  return {
    stream: showStream(stream),
    config: {
      syncMode: half.source,
      destinationSyncMode: half.destination,
      cursorField,
      primaryKey,
      aliasName: alias(stream.name),
      selected: true,
      suggested: false,
      fieldSelectionEnabled: selectedFields.length > 0,
      selectedFields,
      mappers: configured.mappers.map(shownMapper),
      ...(includeFiles === null ? {} : { includeFiles }),
      ...(destinationObjectName === null ? {} : { destinationObjectName }),
    },
  };
}

function showStream(stream: DiscoveredStream) {
  return {
    name: stream.name,
    ...(stream.namespace === undefined ? {} : { namespace: stream.namespace }),
    jsonSchema: stream.jsonSchema,
    supportedSyncModes: stream.supportedSyncModes,
    sourceDefinedCursor: stream.sourceDefinedCursor ?? false,
    defaultCursorField: stream.defaultCursorField ?? [],
    sourceDefinedPrimaryKey: stream.sourceDefinedPrimaryKey ?? [],
    isFileBased: stream.isFileBased ?? false,
  };
}

// Airbyte keeps only the selected fields in the schema of a connection's stream.
function withSelectedFields(stream: DiscoveredStream, { selectedFields }: StreamConfiguration): DiscoveredStream {
  const { properties } = stream.jsonSchema;
  if (selectedFields.length === 0 || !isObject(properties)) return stream;
  const names = selectedFields.map(({ fieldPath }) => fieldPath[0]);
  const left = Object.entries(properties).filter(([name]) => names.includes(name));
  return { ...stream, jsonSchema: { ...stream.jsonSchema, properties: Object.fromEntries(left) } };
}

const alias = (name: string) => name.replace(/[^A-Za-z0-9_]/g, "_");
