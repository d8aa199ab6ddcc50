import type * as pulumi from "@pulumi/pulumi";
import { actorInputs } from "./actor-inputs.ts";
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
    super("destination", "Destination", name, args.airbyte, actorInputs("destination", name, args), options);
  }

  /** The connector's id in Airbyte. */
  declare readonly definitionId: pulumi.Output<string>;
  /** The version of the connector that Airbyte runs; undefined where it doesn't tell. */
  declare readonly connectorVersion: pulumi.Output<string | undefined>;

  /** Airbyte's id of the destination: the resource's id under Airbyte's name for it. */
  get destinationId(): pulumi.Output<string> {
    return this.id;
  }
}
