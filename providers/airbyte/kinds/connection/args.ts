// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle, Reference } from "../../resource.ts";
import type { Destination, Source } from "../actor/resource.ts";
import type { TagReference } from "../tag/resource.ts";

/** When a connection syncs: by hand, or by a Quartz cron expression of 6 or 7 fields (`0 0 6 * * ?`); see `every`. */
export interface Schedule {
  /** By hand, or by `cronExpression`. */
  scheduleType: pulumi.Input<"manual" | "cron">;
  /** Quartz cron, seconds first: "0 0 6 * * ?" is daily at 6:00. */
  cronExpression?: pulumi.Input<string> | undefined;
  /** Time zone of the schedule, such as Europe/Berlin; self-managed Airbyte only. @default UTC */
  timeZone?: pulumi.Input<string> | undefined;
}

/** Settings of a stream; what is left out is the connector's or Airbyte's to choose. */
export interface StreamSettings {
  /** How the stream is read and written. @default full_refresh_overwrite */
  syncMode?: pulumi.Input<string> | undefined;
  /** Field that tells new rows from old ones: its path as a list. Airbyte goes by it in incremental modes alone. */
  cursorField?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Fields that identify a row, each by path as a list. Order matters. The modes full_refresh_overwrite and
   * full_refresh_append have no use for it.
   */
  primaryKey?: pulumi.Input<pulumi.Input<pulumi.Input<string>[]>[]> | undefined;
  /** Names of the top-level fields to sync. @default all */
  selectedFields?: pulumi.Input<pulumi.Input<{ fieldPath: string[] }>[]> | undefined;
  /** Changes made to the rows on their way. */
  mappers?: pulumi.Input<pulumi.Input<Record<string, unknown>>[]> | undefined;
  /** Whether files are copied too, where the stream has them. */
  includeFiles?: pulumi.Input<boolean> | undefined;
  /** The destination's own object, where data go into an application. */
  destinationObjectName?: pulumi.Input<string> | undefined;
}

/** One stream of a connection, or all that a pattern means. */
export interface StreamArgs extends StreamSettings {
  /**
   * Name of the stream in the source; or a pattern of `*` and `?` for the name, or for namespace and name:
   * `orders`, `public.*`, `!*_tmp`.
   */
  name: pulumi.Input<string>;
  /** Namespace of the stream, where several streams have this name. */
  namespace?: pulumi.Input<string> | undefined;
}

/** The sync that a connection begins its life with. */
export interface FirstSyncArgs {
  /** Syncs once, as soon as the connection is there. */
  onCreate: pulumi.Input<boolean>;
  /** Waits for its end, with progress; a failed job fails the run, and the connection is kept. @default true */
  wait?: pulumi.Input<boolean> | undefined;
  /** How long it is waited for: 90s, 30m, 2h. @default 1h */
  timeout?: pulumi.Input<string> | undefined;
}

/** Settings of a {@link Connection}. A setting that is taken out again goes back to its default. */
export interface ConnectionArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** The source, or its id. A change makes a new one. */
  source: pulumi.Input<Source | string>;
  /** The destination, or its id. A change makes a new one. */
  destination: pulumi.Input<Destination | string>;
  /** Name shown in Airbyte. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /** The workspace, or its id. A change makes a new one. @default the handle's */
  workspaceId?: Reference | undefined;
  /** `inactive` pauses the connection and keeps it. @default active */
  status?: pulumi.Input<"active" | "inactive"> | undefined;
  /** When it syncs; see `every`. @default manual */
  schedule?: pulumi.Input<Schedule> | undefined;
  /**
   * Which namespace (schema, dataset) the data go to: one named as in the source, the destination's own, or
   * `namespaceFormat`. @default destination
   */
  namespaceDefinition?: pulumi.Input<"source" | "destination" | "custom_format"> | undefined;
  /** The namespace where namespaceDefinition is custom_format; may use ${SOURCE_NAMESPACE}. */
  namespaceFormat?: pulumi.Input<string> | undefined;
  /** Put before every stream's name in the destination. */
  prefix?: pulumi.Input<string> | undefined;
  /** What to do when the source's schema changes without breaking. @default ignore */
  nonBreakingSchemaUpdatesBehavior?:
    pulumi.Input<"ignore" | "disable_connection" | "propagate_columns" | "propagate_fully"> | undefined;
  /**
   * Region where the data are processed, on Airbyte Cloud. Self-managed Airbyte takes and ignores it, and no answer
   * shows it, so it is never compared.
   */
  dataResidency?: pulumi.Input<string> | undefined;
  /** Tags, their ids, or whole tags as Airbyte's API has them: `{tagId, workspaceId, name, color}`. @default none */
  tags?: pulumi.Input<TagReference[]> | undefined;
  /**
   * The streams to sync: names, patterns such as `public.*`, and `!*_tmp` for what to leave out. What is added
   * upstream under a pattern shows in a preview after a refresh. @default all that the source offers when the
   * connection is made
   */
  streams?: pulumi.Input<pulumi.Input<string | StreamArgs>[]> | undefined;
  /** Settings of every stream that doesn't say otherwise; without `streams`, of all that the source offers. */
  streamDefaults?: pulumi.Input<StreamSettings> | undefined;
  /** The sync that the connection begins its life with. @default none */
  sync?: pulumi.Input<FirstSyncArgs> | undefined;
  /**
   * What a change of streams, namespace or prefix does while a job of the connection runs: waits for its end,
   * cancels it, or is refused; `refuse` holds for a deletion too. @default wait
   */
  onRunningSync?: pulumi.Input<"wait" | "cancel" | "refuse"> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}
