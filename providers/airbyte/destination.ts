import type * as pulumi from "@pulumi/pulumi";
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
 *   definitionId: "25c5221d-dce2-4163-ade9-739ef790f503", // PostgreSQL
 *   configuration: {
 *     host: "db.example.com", port: 5432, database: "analytics", schema: "public", username: "airbyte",
 *     password: config.requireSecret("warehousePassword"),
 *   },
 * });
 */
export class Destination extends AirbyteResource {
  constructor(name: string, args: DestinationArgs, options?: pulumi.CustomResourceOptions) {
    const { airbyte, ...inputs } = args;
    super("destination", "Destination", name, airbyte, { workspaceId: airbyte.workspaceId, name, ...inputs }, options);
  }

  /** Airbyte's id of the destination: the resource's id under Airbyte's name for it. */
  get destinationId(): pulumi.Output<string> {
    return this.id;
  }
}
