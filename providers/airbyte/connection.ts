import type * as pulumi from "@pulumi/pulumi";
import type { Destination } from "./destination.ts";
import { AirbyteResource, idOf, type AirbyteHandle, type Reference } from "./resource.ts";
import type { Source } from "./source.ts";
import { tagInputs, type TagReference } from "./tag.ts";

type Optional<T> = pulumi.Input<T> | undefined;

/** When a connection syncs: by hand, or by a Quartz cron expression of 6 or 7 fields in UTC (`0 0 6 * * ?`). */
export interface Schedule {
  scheduleType: pulumi.Input<"manual" | "cron">;
  cronExpression?: Optional<string>;
}

/** One stream of a connection; what is left out is the connector's or Airbyte's to choose. */
export interface StreamArgs {
  name: pulumi.Input<string>;
  /** Needed only where several streams of the source share the name. */
  namespace?: Optional<string>;
  /** @default full_refresh_overwrite */
  syncMode?: Optional<string>;
  /** Path of the field that tells what is new; left out where the source defines it. */
  cursorField?: Optional<pulumi.Input<string>[]>;
  /** Paths of the fields that make the key; left out where the source defines it. */
  primaryKey?: Optional<pulumi.Input<pulumi.Input<string>[]>[]>;
  /** The fields to sync. @default all */
  selectedFields?: Optional<{ fieldPath: string[] }[]>;
  mappers?: Optional<Record<string, unknown>[]>;
}

/** Settings of a {@link Connection}. A setting that is taken out again goes back to its default. */
export interface ConnectionArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** The source, or its id; a change replaces the connection. */
  source: pulumi.Input<Source | string>;
  /** The destination, or its id; a change replaces the connection. */
  destination: pulumi.Input<Destination | string>;
  /** The workspace, or its id. @default the handle's */
  workspaceId?: Reference;
  /** Display name in Airbyte. @default the resource's name */
  name?: pulumi.Input<string>;
  /** `inactive` pauses it. @default active */
  status?: Optional<"active" | "inactive">;
  /** @default manual */
  schedule?: Optional<Schedule>;
  /** Where tables go: a schema named as in the source, the destination's own, or `namespaceFormat`. @default destination */
  namespaceDefinition?: Optional<"source" | "destination" | "custom_format">;
  /** For `custom_format`: may hold `${SOURCE_NAMESPACE}`. @default "" */
  namespaceFormat?: Optional<string>;
  /** In front of every table's name. @default "" */
  prefix?: Optional<string>;
  /** What Airbyte does when the source's schema grows. @default ignore */
  nonBreakingSchemaUpdatesBehavior?: Optional<
    "ignore" | "disable_connection" | "propagate_columns" | "propagate_fully"
  >;
  /** Airbyte Cloud only; self-managed Airbyte takes and ignores it, and no answer shows it, so it is never compared. */
  dataResidency?: Optional<string>;
  /** Tags, their ids, or whole tags as Airbyte's API has them: `{tagId, workspaceId, name, color}`. @default [] */
  tags?: Optional<TagReference[]>;
  /** Takes over an existing connection instead of creating one: its id, or `true` for the only one of this name. */
  adopt?: Optional<boolean | string>;
  /** @default every stream that the source offers when the connection is made */
  streams?: Optional<pulumi.Input<StreamArgs>[]>;
}

/**
 * A connection: copies streams of a source into a destination, by hand or on a schedule.
 *
 * @example
 * new Connection("users-to-warehouse", { airbyte, source: users, destination: warehouse });
 *
 * @example
 * new Connection("orders-nightly", {
 *   airbyte, source: sheet, destination: warehouse,
 *   schedule: { scheduleType: "cron", cronExpression: "0 0 3 * * ?" },
 *   streams: [{ name: "orders", syncMode: "full_refresh_overwrite" }],
 * });
 */
export class Connection extends AirbyteResource {
  constructor(name: string, args: ConnectionArgs, options?: pulumi.CustomResourceOptions) {
    const { airbyte, source, destination, workspaceId = airbyte.workspaceId, tags, ...inputs } = args;
    const ids = { workspaceId: idOf(workspaceId), sourceId: idOf(source), destinationId: idOf(destination) };
    const all = { name, ...inputs, ...ids, ...(tags === undefined ? {} : { tags: tagInputs(tags) }) };
    super("connection", "Connection", name, airbyte, all, options);
  }

  /** Airbyte's id of the connection: the resource's id under Airbyte's name for it. */
  get connectionId(): pulumi.Output<string> {
    return this.id;
  }
}
