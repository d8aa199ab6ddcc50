import { z } from "zod";
import { showValue } from "../zod-issues.ts";
import { adopt, id, place, protect, text } from "./schema-actor.ts";
import { color, tagName } from "./schema-object.ts";
import { streams } from "./schema-stream.ts";

const status = z
  .enum(["active", "inactive"], {
    error: ({ input }) =>
      input === "deprecated"
        ? "deprecated is how Airbyte marks a deleted connection; to delete one, remove its entry, to pause it use inactive"
        : undefined,
  })
  .describe("`inactive` pauses the connection and keeps it. Airbyte's default: active.");

/** Why Airbyte would refuse a Quartz expression, or undefined. It always runs in UTC, and a trailing `UTC` is allowed. */
export function cronMistake(expression: string): string | undefined {
  const fields = expression
    .trim()
    .replace(/\s+UTC$/, "")
    .split(/\s+/);
  const found = `found ${showValue(expression)}`;
  const [seconds, , , dayOfMonth, , dayOfWeek, year] = fields;
  if (fields.length === 5) {
    return `expected Quartz cron (seconds minutes hours day-of-month month day-of-week, one of the days "?"); ${found}, which is Unix cron`;
  }
  if (fields.length !== 6 && fields.length !== 7) {
    return `expected 6 or 7 fields of Quartz cron, such as "0 0 6 * * ?" (daily at 6:00 UTC); ${found}`;
  }
  if (seconds === "*") return `the first field (seconds) can't be "*": that would be every second; ${found}`;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    return `exactly one of day-of-month (4th field) and day-of-week (6th) must be "?"; ${found}`;
  }
  if (/[A-Za-z]/.test(year ?? "")) return `the time zone is always UTC, and the 7th field the year; ${found}`;
  if (!fields.every((field) => /^[\dA-Za-z*?/,#-]+$/.test(field))) return `expected Quartz cron; ${found}`;
  return undefined;
}

const cron = z
  .string()
  .superRefine((expression, context) => {
    const mistake = cronMistake(expression);
    if (mistake !== undefined) context.addIssue({ code: "custom", message: mistake });
  })
  .meta({
    description: 'Quartz cron in UTC, seconds first: "0 0 6 * * ?" is daily at 6:00.',
    // Checked in code, with better words; this is for editors.
    pattern: "^\\S+(\\s+\\S+){5,7}$",
  });

/** In the API's form: `{scheduleType, cronExpression?}`. */
const schedule = z
  .union([z.literal("manual"), z.strictObject({ cron })], { error: 'expected "manual" or {cron: "<quartz cron>"}' })
  .transform((value) =>
    value === "manual"
      ? { scheduleType: "manual" as const }
      : { scheduleType: "cron" as const, cronExpression: value.cron },
  )
  .describe('When to sync: `manual`, or `cron: "0 0 6 * * ?"`. Airbyte\'s default: manual.');

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

export const connection = z
  .strictObject({
    source: text.describe("Name of an entry under `sources`."),
    destination: text.describe("Name of an entry under `destinations`."),
    name: text.optional().describe("Name shown in Airbyte. Default: the name of this entry."),
    workspace: place.workspace.describe("Name of an entry under `workspaces`. Default: the source's."),
    workspaceId: place.workspaceId.describe("Id of the workspace. Default: the source's."),
    status: status.optional(),
    schedule: schedule.optional(),
    namespaceDefinition: z
      .enum(["source", "destination", "custom_format"])
      .optional()
      .describe("Which namespace (schema, dataset) the data go to. Airbyte's default: destination."),
    namespaceFormat: z
      .string()
      .optional()
      .describe("The namespace where namespaceDefinition is custom_format; may use ${SOURCE_NAMESPACE}."),
    prefix: z.string().optional().describe("Put before every stream's name in the destination."),
    nonBreakingSchemaUpdatesBehavior: z
      .enum(["ignore", "disable_connection", "propagate_columns", "propagate_fully"])
      .optional()
      .describe("What to do when the source's schema changes without breaking. Airbyte's default: ignore."),
    dataResidency: text
      .optional()
      .describe("Region where the data are processed. Accepted, and ignored, by self-managed Airbyte."),
    tags: z.array(connectionTag).optional().describe("Tags of the connection."),
    streams: streams.optional(),
    adopt,
    protect,
  })
  .describe("A connection: which streams go from a source to a destination, and when.");
