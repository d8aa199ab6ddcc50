import type { JsonObject } from "./json.ts";

/** What the store keeps. Times are epoch milliseconds; the API turns them into what its clients expect. */

export interface Organization {
  id: string;
  name: string;
  email: string;
}

export interface User {
  id: string;
  name: string;
  email: string;
}

export interface Workspace {
  id: string;
  organizationId: string;
  name: string;
  /** Name of the region; the API calls it `dataResidency`. */
  region: string;
  notifications: JsonObject;
  deleted: boolean;
  createdAt: number;
}

/** A group of data planes; the config API calls it so. */
export interface Region {
  id: string;
  name: string;
  organizationId: string;
  enabled: boolean;
  createdAt: number;
  updatedAt: number;
}

/** A source or a destination: Airbyte's word for both is "actor". */
export interface Actor {
  id: string;
  kind: ConnectorKind;
  name: string;
  workspaceId: string;
  definitionId: string;
  /** With its secrets in plain. `null` once the actor is deleted. */
  configuration: JsonObject | null;
  resourceAllocation: JsonObject | null;
  deleted: boolean;
  createdAt: number;
  updatedAt: number;
}

export interface Mapper {
  id: string;
  type: string;
  mapperConfiguration: JsonObject;
}

export interface StreamConfiguration {
  name: string;
  namespace: string | null;
  syncMode: SyncMode;
  cursorField: string[];
  primaryKey: string[][];
  /** Empty: every field. */
  selectedFields: { fieldPath: string[] }[];
  mappers: Mapper[];
  includeFiles: boolean | null;
  destinationObjectName: string | null;
}

type TimeUnit = "minutes" | "hours" | "days" | "weeks" | "months";

export interface Schedule {
  scheduleType: "manual" | "basic" | "cron";
  /** Without its time zone. */
  cronExpression: string | null;
  /** UTC unless the config API set it. */
  cronTimeZone?: string;
  /** Every so many hours, days…; the public API shows it and can't write it. */
  basicSchedule?: { timeUnit: TimeUnit; units: number };
}

export type ConnectionStatus = "active" | "inactive" | "deprecated" | "locked";

export interface Connection {
  id: string;
  name: string;
  sourceId: string;
  destinationId: string;
  workspaceId: string;
  status: ConnectionStatus;
  schedule: Schedule;
  streams: StreamConfiguration[];
  namespaceDefinition: "source" | "destination" | "custom_format";
  namespaceFormat: string | null;
  nonBreakingSchemaUpdatesBehavior: "ignore" | "disable_connection" | "propagate_columns" | "propagate_fully";
  prefix: string;
  tagIds: string[];
  createdAt: number;
}

/** Where the next incremental sync of a connection goes on, in the words of the config API. */
export interface ConnectionState {
  /** The connection's. */
  id: string;
  stateType: "global" | "stream" | "legacy" | "not_set";
  state: JsonObject | null;
  streamState: JsonObject[] | null;
  globalState: JsonObject | null;
}

export interface Tag {
  id: string;
  workspaceId: string;
  name: string;
  color: string;
}

export type JobType = "sync" | "reset" | "clear";
/** `incomplete`: an attempt has failed, and the next is to come. */
export type JobStatus = "pending" | "running" | "incomplete" | "failed" | "succeeded" | "cancelled";

export interface StreamCounts {
  name: string;
  namespace: string | null;
  /** Read from the source so far. */
  rows: number;
  bytes: number;
  /** Rows that are safe in the destination. */
  committed: number;
}

export interface Attempt {
  id: number;
  status: "running" | "failed" | "succeeded";
  createdAt: number;
  endedAt: number | null;
  streams: StreamCounts[];
  failure: AttemptFailure | null;
}

export interface Job {
  id: number;
  connectionId: string;
  workspaceId: string;
  jobType: JobType;
  status: JobStatus;
  /** Why it failed, for the log. */
  failure: string | null;
  rows: number;
  bytes: number;
  createdAt: number;
  updatedAt: number;
  /** From when it starts to run; none in data of version 0.1. */
  attempts?: Attempt[];
}

/** A connector that a workspace brought along: a Docker image or a low-code manifest. */
export interface CustomDefinition {
  id: string;
  workspaceId: string;
  kind: ConnectorKind;
  name: string;
  dockerRepository: string;
  dockerImageTag: string;
  documentationUrl: string | null;
  /** Only for a declarative source. */
  manifest: JsonObject | null;
  version: number;
}

/** What the connector builder works on; published, it is a declarative source. */
export interface BuilderProject {
  id: string;
  workspaceId: string;
  name: string;
  /** `null` once it is published. */
  draft: JsonObject | null;
  /** The custom definition that was published from it. */
  definitionId: string | null;
}

export interface Application {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  createdAt: number;
  /** The installation's own, whose id and secret are in the credentials file. */
  own: boolean;
}

export interface Permission {
  id: string;
  permissionType: string;
  userId: string;
  workspaceId: string | null;
  organizationId: string | null;
}

export type ConnectorKind = "source" | "destination";

/**
 * Whose fault a failure is, after the Airbyte Protocol: the configuration's (the user can mend it), the connector's or
 * its surroundings', or one that passes.
 */
export type FailureType = "config_error" | "system_error" | "transient_error";

export type FailureOrigin = "source" | "destination" | "airbyte_platform";

/** Why an attempt failed. */
export interface AttemptFailure {
  origin: FailureOrigin;
  type: FailureType;
  /** For people, in the words of whoever failed. */
  message: string;
  internalMessage?: string;
}

export type SourceSyncMode = "full_refresh" | "incremental";
export type DestinationSyncMode =
  "overwrite" | "append" | "append_dedup" | "overwrite_dedup" | "update" | "soft_delete";

/** The two halves of a sync mode: how the source is read, how the destination is written. */
export const halves = {
  full_refresh_overwrite: { source: "full_refresh", destination: "overwrite" },
  full_refresh_overwrite_deduped: { source: "full_refresh", destination: "overwrite_dedup" },
  full_refresh_append: { source: "full_refresh", destination: "append" },
  full_refresh_update: { source: "full_refresh", destination: "update" },
  full_refresh_soft_delete: { source: "full_refresh", destination: "soft_delete" },
  incremental_append: { source: "incremental", destination: "append" },
  incremental_deduped_history: { source: "incremental", destination: "append_dedup" },
  incremental_update: { source: "incremental", destination: "update" },
  incremental_soft_delete: { source: "incremental", destination: "soft_delete" },
} as const satisfies Record<string, { source: SourceSyncMode; destination: DestinationSyncMode }>;

export type SyncMode = keyof typeof halves;

export const syncModes = Object.keys(halves) as SyncMode[];

/** A full refresh goes by no cursor: Airbyte drops one that is given, and shows the source's own. (Its API server, seen.) */
export function usesCursor(mode: SyncMode): boolean {
  return halves[mode].source === "incremental";
}

/** The same of a key that is given: it stays in every mode but these two. */
export function usesKey(mode: SyncMode): boolean {
  return mode !== "full_refresh_overwrite" && mode !== "full_refresh_append";
}

/** The sync mode that two halves make; undefined for two that Airbyte has no name for, such as incremental overwrite. */
export function modeOf(source: SourceSyncMode, destination: DestinationSyncMode): SyncMode | undefined {
  return syncModes.find((mode) => halves[mode].source === source && halves[mode].destination === destination);
}

/** The sync modes that a stream and a destination can do together. */
export function possibleModes(source: SourceSyncMode[], destination: DestinationSyncMode[]): SyncMode[] {
  return syncModes.filter((mode) => {
    const half = halves[mode];
    const written =
      destination.includes(half.destination) ||
      // Overwrite + dedup is no mode of its own in connector specs: it takes a destination that can do both.
      (half.destination === "overwrite_dedup" &&
        destination.includes("overwrite") &&
        destination.includes("append_dedup"));
    return written && source.includes(half.source);
  });
}

/** As `GET /streams` lists them: Airbyte never names overwrite + dedup there, though it accepts it. */
export function listedModes(source: SourceSyncMode[], destination: DestinationSyncMode[]): SyncMode[] {
  return possibleModes(source, destination).filter((mode) => mode !== "full_refresh_overwrite_deduped");
}
