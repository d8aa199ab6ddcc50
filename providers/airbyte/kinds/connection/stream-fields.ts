import { z } from "zod";
import { programTypes } from "../describe.ts";
import { text } from "../fields.ts";

const syncMode = z
  .enum([
    "full_refresh_overwrite",
    "full_refresh_overwrite_deduped",
    "full_refresh_append",
    "full_refresh_update",
    "full_refresh_soft_delete",
    "incremental_append",
    "incremental_deduped_history",
    "incremental_update",
    "incremental_soft_delete",
  ])
  .describe("How the stream is read and written. Airbyte's default: full_refresh_overwrite.");

programTypes.set(syncMode, { type: "string" }); // what it takes may come from elsewhere, as text

/** A field: its name, or its path where it is nested. Airbyte's API takes paths only. */
const fieldPath = z
  .union([text, z.array(text).min(1)], { error: "expected a field's name, or a list of names (a nested field's path)" })
  .transform((field) => (typeof field === "string" ? [field] : field));

programTypes.set(fieldPath, { type: "pulumi.Input<string>[]" });

/** Its settings are checked by its type: see `mapper-settings.ts`. */
export const mapper = z.strictObject({
  id: text.optional().describe("Id of the mapper, to keep its secrets when it changes. Default: made by Airbyte."),
  type: z
    .enum(["hashing", "field-renaming", "row-filtering", "encryption", "field-filtering"])
    .describe("What the mapper does."),
  mapperConfiguration: z.record(z.string(), z.unknown()).describe("The mapper's settings, by its type."),
});

programTypes.set(mapper, { type: "Record<string, unknown>" });

const selectedField = text.transform((field) => ({ fieldPath: [field] }));

programTypes.set(selectedField, { type: "{ fieldPath: string[] }" });

const settings = {
  syncMode: syncMode.optional(),
  cursorField: fieldPath
    .optional()
    .describe(
      "Field that tells new rows from old ones: its name, or its path as a list. Airbyte goes by it in incremental modes alone.",
    ),
  primaryKey: z
    .array(fieldPath)
    .min(1)
    .optional()
    .describe(
      "Fields that identify a row, each by name, or by path as a list. Order matters. The modes full_refresh_overwrite and full_refresh_append have no use for it.",
    ),
  selectedFields: z
    .array(selectedField)
    .min(1)
    .optional()
    .describe("Names of the top-level fields to sync. Default: all."),
  mappers: z.array(mapper).optional().describe("Changes made to the rows on their way."),
  includeFiles: z.boolean().optional().describe("Whether files are copied too, where the stream has them."),
  destinationObjectName: text.optional().describe("The destination's own object, where data go into an application."),
};

export const streamDefaults = z
  .strictObject(settings)
  .describe("Settings of every stream that doesn't say otherwise; without `streams`, of all that the source offers.");

programTypes.set(streamDefaults, {
  name: "StreamSettings",
  about: "Settings of a stream; what is left out is the connector's or Airbyte's to choose.",
});

const details = z.strictObject({
  name: text.describe(
    "Name of the stream in the source; or a pattern of `*` and `?` for the name, or for namespace and name: `orders`, `public.*`, `!*_tmp`.",
  ),
  namespace: text.optional().describe("Namespace of the stream, where several streams have this name."),
  ...settings,
});

programTypes.set(details, {
  name: "StreamArgs",
  about: "One stream of a connection, or all that a pattern means.",
  extends: streamDefaults,
});

/** A stream of a connection, in the API's form: paths instead of names. A plain string is a name or a pattern. */
export const stream = z
  .union([text, details], { error: "expected a stream's name or a pattern, or a map with at least `name`" })
  .transform((value) => (typeof value === "string" ? { name: value } : value));

export const streams = z
  .array(stream)
  .min(1, "the list is empty; leave streams out for all that the source offers, or name some")
  .superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [index, { name, ...rest }] of list.entries()) {
      const key = JSON.stringify([name, "namespace" in rest ? rest.namespace : undefined]);
      if (seen.has(key))
        context.addIssue({ code: "custom", path: [index], message: `the stream "${name}" is listed twice` });
      seen.add(key);
    }
  })
  .describe(
    "The streams to sync: names, patterns such as `public.*`, and `!*_tmp` for what to leave out. What is added upstream under a pattern shows in a preview after a refresh. Default: all that the source offers when the connection is made.",
  );
