import { z } from "zod";
import type { ConnectionBody } from "./airbyte-api.ts";
import type { Connection, DiscoveredStream, JsonObject, Stream } from "./types.ts";

// The older config API has other words for the same settings of a connection. Here they are translated, both ways.

const CatalogStream = z.looseObject({
  stream: z.looseObject({
    name: z.string(),
    namespace: z.string().nullish(),
    jsonSchema: z.looseObject({ properties: z.record(z.string(), z.any()).nullish() }).nullish(),
    supportedSyncModes: z.array(z.string()).nullish(),
    sourceDefinedCursor: z.boolean().nullish(),
    defaultCursorField: z.array(z.string()).nullish(),
    sourceDefinedPrimaryKey: z.array(z.array(z.string())).nullish(),
  }),
  config: z
    .looseObject({
      syncMode: z.string().nullish(),
      destinationSyncMode: z.string().nullish(),
      cursorField: z.array(z.string()).nullish(),
      primaryKey: z.array(z.array(z.string())).nullish(),
      selected: z.boolean().nullish(),
      fieldSelectionEnabled: z.boolean().nullish(),
      selectedFields: z.array(z.looseObject({ fieldPath: z.array(z.string()) })).nullish(),
      mappers: z.array(z.record(z.string(), z.any())).nullish(),
    })
    .nullish(),
});
export type CatalogStream = z.infer<typeof CatalogStream>;
export const Catalog = z.looseObject({ streams: z.array(CatalogStream) });

export const ConfigConnection = z.looseObject({
  connectionId: z.string(),
  name: z.string(),
  sourceId: z.string(),
  destinationId: z.string(),
  workspaceId: z.string().nullish(),
  status: z.string(),
  scheduleType: z.string().nullish(),
  scheduleData: z
    .looseObject({ cron: z.looseObject({ cronExpression: z.string(), cronTimeZone: z.string().nullish() }).nullish() })
    .nullish(),
  namespaceDefinition: z.string().nullish(),
  namespaceFormat: z.string().nullish(),
  prefix: z.string().nullish(),
  nonBreakingChangesPreference: z.string().nullish(),
  syncCatalog: Catalog.nullish(),
  tags: z.array(z.any()).nullish(),
  created_at: z.number().nullish(),
});

/** Sync mode of the public API: source's and destination's mode of the config API. */
const MODES: Record<string, [string, string]> = {
  full_refresh_overwrite: ["full_refresh", "overwrite"],
  full_refresh_overwrite_deduped: ["full_refresh", "overwrite_dedup"],
  full_refresh_append: ["full_refresh", "append"],
  full_refresh_update: ["full_refresh", "update"],
  full_refresh_soft_delete: ["full_refresh", "soft_delete"],
  incremental_append: ["incremental", "append"],
  incremental_deduped_history: ["incremental", "append_dedup"],
  incremental_update: ["incremental", "update"],
  incremental_soft_delete: ["incremental", "soft_delete"],
};

const NAMESPACES: Record<string, string> = { custom_format: "customformat" };
const SCHEMA_CHANGES: Record<string, string> = { disable_connection: "disable" };

/** A connection of the config API in the public API's words. */
export function fromConfigApi(read: z.infer<typeof ConfigConnection>, workspaceId: string): Connection {
  const cron = read.scheduleData?.cron;
  const zone = cron?.cronTimeZone ?? "UTC";
  return {
    connectionId: read.connectionId,
    name: read.name,
    sourceId: read.sourceId,
    destinationId: read.destinationId,
    workspaceId: read.workspaceId ?? workspaceId,
    status: read.status,
    schedule: cron
      ? { scheduleType: "cron", cronExpression: `${cron.cronExpression} ${zone}` }
      : { scheduleType: read.scheduleType ?? "manual" },
    namespaceDefinition: reverse(NAMESPACES, read.namespaceDefinition),
    namespaceFormat: read.namespaceFormat,
    prefix: read.prefix,
    nonBreakingSchemaUpdatesBehavior: reverse(SCHEMA_CHANGES, read.nonBreakingChangesPreference),
    configurations: { streams: (read.syncCatalog?.streams ?? []).filter(isSelected).map(fromCatalog) },
    tags: read.tags ?? [],
    createdAt: read.created_at,
  };
}

/** A stream of a catalog as the public API tells of it. */
export function discovered({ stream }: CatalogStream, written: string[] | undefined): DiscoveredStream {
  const read = stream.supportedSyncModes;
  const possible = Object.entries(MODES).filter(([, [from, to]]) => read?.includes(from) && written?.includes(to));
  return {
    streamName: stream.name,
    streamnamespace: stream.namespace,
    syncModes: read && written ? possible.map(([mode]) => mode) : null,
    defaultCursorField: stream.defaultCursorField,
    sourceDefinedCursorField: stream.sourceDefinedCursor,
    sourceDefinedPrimaryKey: stream.sourceDefinedPrimaryKey,
    propertyFields: fieldPaths(stream.jsonSchema ?? {}),
    simulated: stream.simulated === true,
  };
}

/** Paths of all fields of a JSON Schema, nested ones too. */
function fieldPaths(schema: unknown): string[][] {
  const { properties } = (schema ?? {}) as { properties?: unknown };
  if (typeof properties !== "object" || properties === null) return [];
  return Object.entries(properties).flatMap(([name, inner]) => {
    return [[name], ...fieldPaths(inner).map((path) => [name, ...path])];
  });
}

/** Settings of a connection in the config API's words; streams apart, since they need the source's catalog. */
export function toConfigApi(body: ConnectionBody): JsonObject {
  const { schedule, namespaceDefinition, nonBreakingSchemaUpdatesBehavior, ...rest } = body;
  const untranslated = Object.entries(rest).filter(([key]) => key !== "configurations" && key !== "dataResidency");
  return {
    ...(Object.fromEntries(untranslated) as JsonObject),
    ...(namespaceDefinition ? { namespaceDefinition: NAMESPACES[namespaceDefinition] ?? namespaceDefinition } : {}),
    ...(nonBreakingSchemaUpdatesBehavior
      ? {
          nonBreakingChangesPreference:
            SCHEMA_CHANGES[nonBreakingSchemaUpdatesBehavior] ?? nonBreakingSchemaUpdatesBehavior,
        }
      : {}),
    ...(schedule ? scheduleToConfigApi(schedule) : {}),
  };
}

/** The declared streams put into the source's catalog; unknown names are told by the caller. */
export function toCatalog(declared: JsonObject[], catalog: z.infer<typeof Catalog>) {
  const unknown: string[] = [];
  const streams = declared.flatMap((wanted) => {
    const found = catalog.streams.find(({ stream }) => matches(stream, wanted));
    if (!found) unknown.push(wanted.name as string);
    return found ? [{ stream: found.stream, config: configOf(wanted, found) }] : [];
  });
  return { syncCatalog: { streams }, unknown };
}

function configOf(wanted: JsonObject, { config }: CatalogStream): object {
  const { syncMode, cursorField, primaryKey, selectedFields, mappers, includeFiles, destinationObjectName } = wanted;
  const [source, destination] = MODES[typeof syncMode === "string" ? syncMode : ""] ?? ["full_refresh", "overwrite"];
  return {
    ...config,
    selected: true,
    syncMode: source,
    destinationSyncMode: destination,
    ...(cursorField ? { cursorField } : {}),
    ...(primaryKey ? { primaryKey } : {}),
    ...(selectedFields ? { fieldSelectionEnabled: true, selectedFields } : {}),
    ...(mappers ? { mappers } : {}),
    ...(includeFiles ? { includeFiles } : {}),
    ...(destinationObjectName ? { destinationObjectName } : {}),
  };
}

function matches(stream: CatalogStream["stream"], wanted: JsonObject): boolean {
  if (stream.name !== wanted.name) return false;
  return wanted.namespace === undefined || (stream.namespace ?? "") === wanted.namespace;
}

function isSelected({ config }: CatalogStream): boolean {
  return config?.selected !== false;
}

function fromCatalog({ stream, config }: CatalogStream): Stream {
  const mode = Object.entries(MODES).find(
    ([, [source, destination]]) => source === config?.syncMode && destination === config.destinationSyncMode,
  );
  return {
    name: stream.name,
    namespace: stream.namespace,
    syncMode: mode?.[0],
    cursorField: config?.cursorField,
    primaryKey: config?.primaryKey,
    selectedFields: config?.fieldSelectionEnabled ? config.selectedFields : [],
    mappers: config?.mappers,
    includeFiles: config?.includeFiles,
    destinationObjectName: config?.destinationObjectName,
  };
}

function scheduleToConfigApi({ scheduleType, cronExpression }: NonNullable<ConnectionBody["schedule"]>): JsonObject {
  if (scheduleType !== "cron" || cronExpression === undefined) return { scheduleType };
  const expression = cronExpression.trim().replace(/\s+UTC$/, "");
  return { scheduleType, scheduleData: { cron: { cronExpression: expression, cronTimeZone: "UTC" } } };
}

function reverse(words: Record<string, string>, word: string | null | undefined): string | null | undefined {
  return Object.keys(words).find((key) => words[key] === word) ?? word;
}
