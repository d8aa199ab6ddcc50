import type { Catalog, Connector, DiscoveredStream } from "../../connectors/connector.ts";
import { openStream } from "../../connectors/simulated.ts";
import type { Instance } from "../../instance.ts";
import { isObject } from "../../json.ts";
import type { Actor, Connection, StreamConfiguration } from "../../state.ts";
import { connectorOf, findActor } from "../../platform/actors.ts";
import { shownMapper, suggestedStreams } from "../../platform/catalog.ts";
import { halves } from "../../sync-modes.ts";
import { keyOf } from "./sync-catalog.ts";

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
