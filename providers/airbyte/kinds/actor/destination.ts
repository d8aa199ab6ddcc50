import type * as pulumi from "@pulumi/pulumi";
import { ActorResource } from "./resource.ts";
import { readOptions, type Existing, type GetArgs } from "../../existing.ts";
import type { DestinationConfigurations } from "../../index.ts";
import type { ActorArgs } from "./source.ts";

/** Settings of a {@link Destination}. */
export type DestinationArgs<Connector extends string = string> = ActorArgs<DestinationConfigurations, Connector>;

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
export class Destination<Connector extends string = string> extends ActorResource {
  constructor(name: string, args: DestinationArgs<Connector>, options?: pulumi.CustomResourceOptions) {
    super("destination", "Destination", name, args, options);
  }

  /** A destination that others manage: it is read, and neither changed nor deleted. */
  static get(name: string, existing: Existing, args: GetArgs, options?: pulumi.CustomResourceOptions): Destination {
    return new Destination(name, args as DestinationArgs, readOptions("destination", existing, args, options));
  }

  /** Airbyte's id of the destination: the resource's id under Airbyte's name for it. */
  get destinationId(): pulumi.Output<string> {
    return this.id;
  }
}
