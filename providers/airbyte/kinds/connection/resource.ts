import type * as pulumi from "@pulumi/pulumi";
import { lookUpInputs, readOptions, type Existing, type GetArgs } from "../../lookup.ts";
import { AirbyteResource, idOf } from "../../resource.ts";
import { tagInputs } from "../tag/resource.ts";
import type { ConnectionArgs } from "./args.ts";
import { sealMappers } from "./mapper-sealing.ts";

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
