import { z } from "zod";
import { isObject, type JsonObject } from "../../json.ts";
import type { StreamConfiguration } from "../../state.ts";
import { withStoredSecret } from "../../platform/catalog.ts";
import { modeOf } from "../../sync-modes.ts";
import { badRequest, unexpected, unprocessable } from "../problems.ts";
import { object, uuid } from "../requests.ts";

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
  return streams
    .filter(({ config }) => config.selected)
    .map(({ stream, config }) => {
      const syncMode = modeOf(config.syncMode, config.destinationSyncMode);
      if (!syncMode) {
        throw badRequest(
          `Stream ${stream.name}: ${config.syncMode} and ${config.destinationSyncMode} don't go together`,
        );
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
export function keyOf({ name, namespace }: { name: string; namespace?: string | null | undefined }): string {
  return JSON.stringify([namespace ?? null, name]);
}
