import type * as pulumi from "@pulumi/pulumi";
import type { Destination } from "../actor/resource.ts";
import { sealMappers } from "./mapper-sealing.ts";
import { lookUpInputs, readOptions, type Existing, type GetArgs } from "../../existing.ts";
import { AirbyteResource, idOf, type AirbyteHandle, type Reference } from "../../resource.ts";
import type { Source } from "../actor/resource.ts";
import { tagInputs, type TagReference } from "../tag/resource.ts";

type Optional<T> = pulumi.Input<T> | undefined;

/** When a connection syncs: by hand, or by a Quartz cron expression of 6 or 7 fields (`0 0 6 * * ?`); see `every`. */
export interface Schedule {
  scheduleType: pulumi.Input<"manual" | "cron">;
  cronExpression?: Optional<string>;
  /** Name of the IANA time zone of the expression, such as `Europe/Berlin`; self-managed Airbyte only. @default UTC */
  timeZone?: Optional<string>;
}

/** The sync that a connection begins its life with. */
export interface FirstSyncArgs {
  /** Syncs once, as soon as the connection is there. */
  onCreate: pulumi.Input<boolean>;
  /** Waits for its end, with progress; a failed job fails the update, and the connection is kept. @default true */
  wait?: Optional<boolean>;
  /** How long it is waited for: `90s`, `30m`, `2h`. @default 1h */
  timeout?: Optional<string>;
}

/** Settings of a stream; what is left out is the connector's or Airbyte's to choose. */
export interface StreamSettings {
  /** @default full_refresh_overwrite */
  syncMode?: Optional<string>;
  /** Path of the field that tells what is new; left out where the source defines it. Airbyte goes by it in incremental modes alone. */
  cursorField?: Optional<pulumi.Input<string>[]>;
  /** Paths of the fields that make the key; left out where the source defines it. The modes full_refresh_overwrite and full_refresh_append have no use for it. */
  primaryKey?: Optional<pulumi.Input<pulumi.Input<string>[]>[]>;
  /** The fields to sync. @default all */
  selectedFields?: Optional<{ fieldPath: string[] }[]>;
  mappers?: Optional<Record<string, unknown>[]>;
}

/** One stream of a connection, or all that a pattern means. */
export interface StreamArgs extends StreamSettings {
  /** A name, or a pattern of `*` and `?` for the name, or for namespace and name: `orders`, `public.*`, `!*_tmp`. */
  name: pulumi.Input<string>;
  /** Needed only where several streams of the source share the name. */
  namespace?: Optional<string>;
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
  /**
   * Streams by name, or by patterns, which are resolved against what the source offers: `["public.*", "!*_tmp"]`. What
   * is added upstream under a pattern shows in a preview after a refresh. @default every stream that the source offers
   * when the connection is made
   */
  streams?: Optional<pulumi.Input<string | StreamArgs>[]>;
  /** Settings for every stream that doesn't say otherwise. */
  streamDefaults?: Optional<StreamSettings>;
  /** @default no sync before the schedule, or somebody, starts one */
  sync?: Optional<FirstSyncArgs>;
  /**
   * What a change of streams, namespace or prefix does while a job of the connection runs: waits for its end, cancels
   * it, or is refused; `refuse` holds for a deletion too. @default wait
   */
  onRunningSync?: Optional<"wait" | "cancel" | "refuse">;
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
 *   schedule: { scheduleType: "cron", cronExpression: "0 0 3 * * ?", timeZone: "Europe/Berlin" },
 *   streams: [{ name: "orders", syncMode: "full_refresh_overwrite" }],
 * });
 *
 * @example
 * new Connection("shop-to-warehouse", {
 *   airbyte, source: shop, destination: warehouse,
 *   schedule: every("6 hours"),
 *   streamDefaults: { syncMode: "incremental_deduped_history" },
 *   streams: ["public.*", "!*_tmp", { name: "countries", syncMode: "full_refresh_overwrite" }],
 *   sync: { onCreate: true, timeout: "30m" },
 * });
 */
export class Connection extends AirbyteResource {
  constructor(name: string, args: ConnectionArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = options?.id === undefined ? connectionInputs(name, args) : lookUpInputs(args, OUTPUTS);
    super("connection", "Connection", name, args.airbyte, inputs, options);
  }

  /** A connection that others manage: it is read, and neither changed nor deleted. */
  static get(name: string, existing: Existing, args: GetArgs, options?: pulumi.CustomResourceOptions): Connection {
    return new Connection(name, args as ConnectionArgs, readOptions("connection", existing, args, options));
  }

  /** Display name in Airbyte. */
  declare readonly name: pulumi.Output<string>;
  declare readonly workspaceId: pulumi.Output<string>;
  declare readonly sourceId: pulumi.Output<string>;
  declare readonly destinationId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<string | undefined>;

  /** Airbyte's id of the connection: the resource's id under Airbyte's name for it. */
  get connectionId(): pulumi.Output<string> {
    return this.id;
  }
}

const OUTPUTS = ["name", "sourceId", "destinationId", "status", "schedule", "prefix", "streams"];

function connectionInputs(name: string, args: ConnectionArgs): pulumi.Inputs {
  const {
    airbyte,
    source,
    destination,
    workspaceId = airbyte.workspaceId,
    tags,
    streams,
    streamDefaults,
    ...inputs
  } = args;
  const ids = { workspaceId: idOf(workspaceId), sourceId: idOf(source), destinationId: idOf(destination) };
  return {
    name,
    ...inputs,
    ...sealMappers({ streams, streamDefaults }),
    ...ids,
    ...(tags === undefined ? {} : { tags: tagInputs(tags) }),
  };
}
