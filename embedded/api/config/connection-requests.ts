import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Connection } from "../../state.ts";
import {
  createConnection,
  findConnection,
  patchConnection,
  type ConnectionSettings,
} from "../../platform/connections.ts";
import type { RequestedSchedule } from "../../platform/schedules.ts";
import { unexpected, unprocessable } from "../problems.ts";
import { id } from "./route.ts";
import { configuredStreams, syncCatalogSchema } from "./sync-catalog.ts";

const basicSchedule = z.object({
  timeUnit: z.enum(["minutes", "hours", "days", "weeks", "months"]),
  units: z.int().min(1),
});
// What else a connection has here (operations, notifications, resources, backfill) is taken and has no effect.
const settings = z.object({
  name: z.string().nullish(),
  status: z.enum(["active", "inactive", "deprecated", "locked"]).nullish(),
  namespaceDefinition: z.enum(["source", "destination", "customformat"]).nullish(),
  namespaceFormat: z.string().nullish(),
  prefix: z.string().nullish(),
  syncCatalog: syncCatalogSchema.nullish(),
  /** The older form of a basic schedule. */
  schedule: basicSchedule.nullish(),
  scheduleType: z.enum(["manual", "basic", "cron"]).nullish(),
  scheduleData: z
    .object({
      basicSchedule: basicSchedule.nullish(),
      cron: z.object({ cronExpression: z.string().nullish(), cronTimeZone: z.string().nullish() }).nullish(),
    })
    .nullish(),
  nonBreakingChangesPreference: z.enum(["ignore", "disable", "propagate_columns", "propagate_fully"]).nullish(),
  tags: z.array(z.object({ tagId: id, workspaceId: id, name: z.string(), color: z.string() })).nullish(),
});

export const connectionCreation = settings.extend({
  sourceId: id,
  destinationId: id,
  status: settings.shape.status.unwrap().unwrap(),
});
export const connectionUpdate = settings.extend({ connectionId: id });

/**
 * Without a catalog, the connection gets the streams that the public API would give it. (Airbyte's config API would
 * leave it without any, and a sync would move nothing.)
 */
export function create(instance: Instance, given: z.output<typeof connectionCreation>): Promise<Connection> {
  const { schedule, scheduleType } = given;
  if (schedule && scheduleType) throw unprocessable("supply old or new schedule schema but not both");
  const requested: RequestedSchedule | undefined = schedule
    ? { scheduleType: "basic", basicSchedule: schedule }
    : scheduleOf(given);
  return createConnection(instance, {
    ...inPlatformWords(given),
    sourceId: given.sourceId,
    destinationId: given.destinationId,
    schedule: requested,
    namespaceDefinition: inPlatformWords(given).namespaceDefinition ?? "source",
    streams: given.syncCatalog ? configuredStreams(given.syncCatalog) : undefined,
  });
}

/** What is left out stays as it is; a catalog replaces the streams as a whole. */
export function update(instance: Instance, given: z.output<typeof connectionUpdate>): Promise<Connection> {
  // Airbyte fails on it inside: an id and no reason.
  if (given.schedule) throw unexpected("The legacy schedule cannot be updated: use scheduleType and scheduleData");
  const { streams } = findConnection(instance, given.connectionId);
  return patchConnection(instance, given.connectionId, {
    ...inPlatformWords(given),
    schedule: scheduleOf(given),
    streams: given.syncCatalog ? configuredStreams(given.syncCatalog, streams) : undefined,
  });
}

function inPlatformWords(given: z.output<typeof settings>): ConnectionSettings {
  const { namespaceDefinition, nonBreakingChangesPreference, name, status, namespaceFormat, prefix, tags } = given;
  return {
    ...{ name, status, namespaceFormat, prefix, tags },
    namespaceDefinition: namespaceDefinition === "customformat" ? "custom_format" : namespaceDefinition,
    nonBreakingSchemaUpdatesBehavior:
      nonBreakingChangesPreference === "disable" ? "disable_connection" : nonBreakingChangesPreference,
  };
}

function scheduleOf({ scheduleType, scheduleData }: z.output<typeof settings>): RequestedSchedule | undefined {
  if (!scheduleType) return undefined;
  if (scheduleType === "manual" && scheduleData) throw unexpected("schedule data must not be given with type manual");
  const cron = scheduleData?.cron;
  return {
    scheduleType,
    basicSchedule: scheduleData?.basicSchedule,
    cronExpression: cron?.cronExpression,
    cronTimeZone: cron?.cronTimeZone,
  };
}
