import { z } from "zod";
import type { Issue } from "../../../../errors/zod-issues.ts";
import { isObject, UNKNOWN } from "../../lifecycle/canonical.ts";
import { describeKind, programTypes, type Path } from "../describe.ts";
import { anyText, common, id, name, onePlace, place, text } from "../fields.ts";
import { color, tagName } from "../tag/description.ts";
import { mapperIssues } from "./mapper-settings.ts";
import { sharedTablesOf } from "./shared-tables.ts";
import { cronMistake, every, zoneMistake } from "./schedule.ts";
import { streamDefaults, streams } from "./stream-fields.ts";

const status = z
  .enum(["active", "inactive"], {
    error: ({ input }) =>
      input === "deprecated"
        ? "deprecated is how Airbyte marks a deleted connection; to delete one, remove its entry, to pause it use inactive"
        : undefined,
  })
  .describe("`inactive` pauses the connection and keeps it. Airbyte's default: active.");

const cron = z
  .string()
  .superRefine((expression, context) => {
    const mistake = cronMistake(expression);
    if (mistake !== undefined) context.addIssue({ code: "custom", message: mistake });
  })
  .meta({
    description: 'Quartz cron, seconds first: "0 0 6 * * ?" is daily at 6:00.',
    // Checked in code, with better words; this is for editors.
    pattern: "^\\S+(\\s+\\S+){5,7}$",
  });

const timeZone = text
  .superRefine((zone, context) => {
    const mistake = zoneMistake(zone);
    if (mistake !== undefined) context.addIssue({ code: "custom", message: mistake });
  })
  .optional()
  .describe("Time zone of the schedule, such as Europe/Berlin; self-managed Airbyte only. Default: UTC.");

const interval = text.describe('"6 hours", "day" or "week": from midnight on, evenly.');

/** In the API's form: `{scheduleType, cronExpression?, timeZone?}`. */
const schedule = z
  .union(
    [
      z.literal("manual"),
      z.strictObject({ cron, timeZone }),
      z.strictObject({ every: interval, at: z.int().optional().describe("Minute of the hour. Default: 0."), timeZone }),
    ],
    { error: 'expected "manual", {cron: "<quartz cron>"} or {every: "6 hours"}' },
  )
  .transform((value, context) => {
    if (value === "manual") return { scheduleType: "manual" as const };
    const zone = value.timeZone === undefined ? {} : { timeZone: value.timeZone };
    if ("cron" in value) return { scheduleType: "cron" as const, cronExpression: value.cron, ...zone };
    try {
      return every(value.every, { ...zone, ...(value.at === undefined ? {} : { at: value.at }) });
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  })
  .describe('When to sync: `manual`, `every: 6 hours`, or `cron: "0 0 6 * * ?"`. Airbyte\'s default: manual.');

/** The same as a program gives it. */
const scheduleInputs = z.looseObject({
  scheduleType: z.enum(["manual", "cron"]).describe("By hand, or by `cronExpression`."),
  cronExpression: cron.optional(),
  timeZone,
});

programTypes.set(scheduleInputs, {
  name: "Schedule",
  about:
    "When a connection syncs: by hand, or by a Quartz cron expression of 6 or 7 fields (`0 0 6 * * ?`); see `every`.",
});

const sync = z
  .strictObject({
    onCreate: z.boolean().describe("Syncs once, as soon as the connection is there."),
    wait: z
      .boolean()
      .optional()
      .describe(
        "Waits for its end, with progress; a failed job fails the run, and the connection is kept. Default: true.",
      ),
    timeout: z
      .string()
      .regex(/^(\d+[smh])+$/, "expected a time such as 90s, 30m or 2h")
      .optional()
      .describe("How long it is waited for: 90s, 30m, 2h. Default: 1h."),
  })
  .describe("The sync that the connection begins its life with. Default: none.");

programTypes.set(sync, { name: "FirstSyncArgs", about: "The sync that a connection begins its life with." });

const wholeTag = z
  .strictObject({
    tagId: id.describe("Id of the tag."),
    workspaceId: id.describe("Id of the tag's workspace; must be the connection's."),
    name: tagName,
    color,
  })
  .describe("A tag, whole, as Airbyte's API has it.");

const connectionTag = z
  .union([text, wholeTag], { error: "expected the name of an entry under tags, or a tag's id" })
  .describe("Name of an entry under `tags`, or a tag's id in Airbyte.");

const inMapper = (path: Path) => path.includes("mapperConfiguration");

export const connection = describeKind({
  kind: "connection",
  title: "Which streams go where, and when, by name.",
  about: "A connection: which streams go from a source to a destination, and when.",
  fields: {
    source: {
      schema: text.describe("Name of an entry under `sources`, or the id of a source that others manage."),
      inPrograms: { type: "pulumi.Input<Source | string>", about: "The source, or its id." },
      refersTo: { kinds: ["source"], as: "sourceId", orId: true },
      inputs: id,
      replaceOnChange: true,
    },
    destination: {
      schema: text.describe("Name of an entry under `destinations`, or the id of a destination that others manage."),
      inPrograms: { type: "pulumi.Input<Destination | string>", about: "The destination, or its id." },
      refersTo: { kinds: ["destination"], as: "destinationId", orId: true },
      inputs: id,
      replaceOnChange: true,
    },
    name,
    workspace: {
      ...place.workspace,
      schema: place.workspace.schema.describe("Name of an entry under `workspaces`. Default: the source's."),
    },
    workspaceId: {
      ...place.workspaceId,
      schema: place.workspaceId.schema.describe("Id of the workspace. Default: the source's."),
    },
    status: { schema: status.optional(), resetTo: "active" },
    schedule: {
      schema: schedule.optional(),
      inputs: scheduleInputs.optional(),
      inPrograms: { about: "When it syncs; see `every`. Default: manual." },
      resetTo: { scheduleType: "manual" },
    },
    namespaceDefinition: {
      schema: z
        .enum(["source", "destination", "custom_format"])
        .optional()
        .describe(
          "Which namespace (schema, dataset) the data go to: one named as in the source, the destination's own, or `namespaceFormat`. Airbyte's default: destination.",
        ),
      resetTo: "destination",
    },
    namespaceFormat: {
      schema: anyText
        .optional()
        .describe("The namespace where namespaceDefinition is custom_format; may use ${SOURCE_NAMESPACE}."),
      resetTo: "",
    },
    prefix: {
      schema: anyText.optional().describe("Put before every stream's name in the destination."),
      resetTo: "",
    },
    nonBreakingSchemaUpdatesBehavior: {
      schema: z
        .enum(["ignore", "disable_connection", "propagate_columns", "propagate_fully"])
        .optional()
        .describe("What to do when the source's schema changes without breaking. Airbyte's default: ignore."),
      resetTo: "ignore",
    },
    dataResidency: {
      schema: text
        .optional()
        .describe(
          "Region where the data are processed, on Airbyte Cloud. Self-managed Airbyte takes and ignores it, and no answer shows it, so it is never compared.",
        ),
    },
    tags: {
      schema: z.array(connectionTag).optional().describe("Tags of the connection."),
      inPrograms: {
        type: "pulumi.Input<TagReference[]>",
        about:
          "Tags, their ids, or whole tags as Airbyte's API has them: `{tagId, workspaceId, name, color}`. Default: none.",
      },
      refersTo: { kinds: ["tag"], orId: true },
      inputs: z.array(z.union([id, z.looseObject({ tagId: id })], { error: "expected a tag, or its id" })).optional(),
      resetTo: [],
    },
    streams: { schema: streams.optional(), inputs: false, secret: inMapper },
    streamDefaults: { schema: streamDefaults.optional(), inputs: false, secret: inMapper },
    sync: { schema: sync.optional() },
    onRunningSync: {
      schema: z
        .enum(["wait", "cancel", "refuse"])
        .optional()
        .describe(
          "What a change of streams, namespace or prefix does while a job of the connection runs: waits for its end, cancels it, or is refused; `refuse` holds for a deletion too. Default: wait.",
        ),
    },
    ...common,
  },
  exclusive: [onePlace],
  across: (entry) => {
    const { sync: declared, status: is, schedule: when, namespaceDefinition, namespaceFormat } = entry;
    const starts = isObject(declared) && declared.onCreate === true && is === "inactive";
    const lacksCron = isObject(when) && when.scheduleType === "cron" && when.cronExpression === undefined;
    return [
      ...(starts
        ? [{ path: ["sync", "onCreate"], text: "a paused connection can't sync; take status: inactive away, or sync" }]
        : []),
      ...(lacksCron ? [{ path: ["schedule", "cronExpression"], text: "is missing" }] : []),
      ...mapperIssues(entry),
      ...formatMistakes(namespaceDefinition, namespaceFormat),
    ];
  },
  together: sharedTablesOf,
  protectedInProduction: true,
  lostByReplacement:
    "its sync state is lost, so the next sync reads everything again; what is in the destination stays",
  isWhere: "source",
});

/** Airbyte takes both without a word, and the data go elsewhere: the format is not looked at, or an empty one stands for the destination's. */
function formatMistakes(definition: unknown, format: unknown): Issue[] {
  if (definition === UNKNOWN || format === UNKNOWN) return [];
  const isGiven = format !== undefined && format !== "";
  if (definition === "custom_format") {
    if (isGiven) return [];
    const text = "is missing; namespaceDefinition custom_format needs it, such as raw_${SOURCE_NAMESPACE}";
    return [{ path: ["namespaceFormat"], text }];
  }
  // Any other definition is a mistake of its own.
  if (!isGiven || ![undefined, "source", "destination"].includes(definition as string | undefined)) return [];
  const text =
    'Airbyte goes by it with namespaceDefinition: custom_format alone; add that, or leave it out ("" where defaults have it)';
  return [{ path: ["namespaceFormat"], text }];
}
