import type * as pulumi from "@pulumi/pulumi";
import { ACTOR_OUTPUTS, actorInputs } from "./actor-inputs.ts";
import { lookUpInputs, readOptions, type Existing, type GetArgs } from "./existing.ts";
import { AirbyteResource } from "./resource.ts";
import type { ActorArgs } from "./source.ts";

/** Settings of a {@link Destination}. */
export type DestinationArgs = ActorArgs;

/**
 * A destination: a connector, and the settings with which it writes to one system.
 *
 * @example
 * const warehouse = new Destination("warehouse", {
 *   airbyte,
 *   connector: "postgres",
 *   configuration: {
 *     host: "db.example.com", port: 5432, database: "analytics", schema: "public", username: "airbyte",
 *     password: config.requireSecret("warehousePassword"),
 *   },
 * });
 */
export class Destination extends AirbyteResource {
  constructor(name: string, args: DestinationArgs, options?: pulumi.CustomResourceOptions) {
    const fresh = options?.id === undefined;
    const inputs = fresh ? actorInputs("destination", name, args) : lookUpInputs(args, ACTOR_OUTPUTS);
    super("destination", "Destination", name, args.airbyte, inputs, options);
  }

  /** A destination that others manage: it is read, and neither changed nor deleted. */
  static get(name: string, existing: Existing, args: GetArgs, options?: pulumi.CustomResourceOptions): Destination {
    return new Destination(name, args as DestinationArgs, readOptions("destination", existing, args, options));
  }

  /** Display name in Airbyte. */
  declare readonly name: pulumi.Output<string>;
  declare readonly workspaceId: pulumi.Output<string>;
  /** The connector's settings; of one that was looked up, with Airbyte's masks in place of secrets. */
  declare readonly configuration: pulumi.Output<Record<string, unknown>>;

  /** The connector's id in Airbyte. */
  declare readonly definitionId: pulumi.Output<string>;
  /** The version of the connector that Airbyte runs; undefined where it doesn't tell. */
  declare readonly connectorVersion: pulumi.Output<string | undefined>;

  /** Airbyte's id of the destination: the resource's id under Airbyte's name for it. */
  get destinationId(): pulumi.Output<string> {
    return this.id;
  }
}
