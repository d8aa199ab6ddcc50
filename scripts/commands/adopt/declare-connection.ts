import type { Connection } from "../../../providers/airbyte/api/types.ts";
import { CONNECTION_DEFAULTS } from "../../../providers/airbyte/kinds/connection/view.ts";
import { splitZone } from "../../../providers/airbyte/kinds/connection/schedule.ts";
import { declareStreams } from "./declare-streams.ts";
import { nameIn, placeOf, type Made, type Making } from "./making.ts";
import type { Found } from "./model.ts";

const PLAIN = [
  "status",
  "namespaceDefinition",
  "namespaceFormat",
  "prefix",
  "nonBreakingSchemaUpdatesBehavior",
] as const;

/** A connection: what differs from Airbyte's defaults, its schedule and its streams. */
export function declareConnection({ object }: Found<Connection>, name: string, making: Making): Made {
  const { names } = making;
  const notes: string[] = [];
  const source = names.of("sources", object.sourceId);
  const others = PLAIN.filter((key) => (object[key] ?? CONNECTION_DEFAULTS[key]) !== CONNECTION_DEFAULTS[key]);
  const tags = object.tags ?? [];
  const settings = {
    source: source ?? object.sourceId,
    destination: names.of("destinations", object.destinationId) ?? object.destinationId,
    ...nameIn(object.name, name),
    // One that doesn't say so is where its source is.
    ...(source === undefined ? placeOf(object.workspaceId, making) : {}),
    ...schedule(object, making, notes),
    ...Object.fromEntries(others.map((key) => [key, object[key]])),
    ...(tags.length > 0 ? { tags: tags.map(({ tagId }) => names.of("tags", tagId) ?? tagId) } : {}),
    ...declareStreams(object.configurations?.streams ?? [], notes, (key, value) =>
      making.secrets.add(name, key, value),
    ),
  };
  return { settings, notes };
}

function schedule({ schedule: shown }: Connection, { airbyte }: Making, notes: string[]): Record<string, unknown> {
  const { scheduleType, cronExpression } = shown ?? { scheduleType: "manual" };
  if (scheduleType === "manual") return { schedule: "manual" };
  if (scheduleType !== "cron" || typeof cronExpression !== "string") {
    const timing = typeof shown?.basicTiming === "string" ? ` (${shown.basicTiming})` : "";
    notes.push(
      `it has a schedule of the kind "${scheduleType}"${timing}, which can't be said here and stays as it is; \`schedule:\` replaces it`,
    );
    return {};
  }
  const { cronExpression: cron, timeZone } = splitZone(cronExpression);
  if (timeZone === "UTC") return { schedule: { cron } };
  if (airbyte.api.hasConfigApi) return { schedule: { cron, timeZone } };
  notes.push(`its schedule (${cronExpression}) has a time zone, which this Airbyte's API can't set; it stays as it is`);
  return {};
}
