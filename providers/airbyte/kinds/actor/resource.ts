import type * as pulumi from "@pulumi/pulumi";
import { lookUpInputs, lookUpSpecification, readOptions, type Existing, type GetArgs } from "../../lookup.ts";
import { AirbyteResource, idOf, inWorkspace } from "../../resource.ts";
import type { ActorKind } from "../../api/words.ts";
import type { DestinationArgs, SourceArgs } from "./args.ts";
import { seal } from "./sealing.ts";

/** Arguments of whatever connector. */
type AnyActorArgs = Omit<SourceArgs, "configuration"> & { configuration: unknown };

/** What the provider gets of a source's or destination's arguments: defaults filled in, secrets sealed. */
function actorInputs(kind: ActorKind, name: string, { configuration, ...args }: AnyActorArgs): pulumi.Inputs {
  const specification = lookUpSpecification(kind, args.airbyte, args);
  return {
    ...inWorkspace(name, args),
    definitionId: args.definitionId === undefined ? undefined : idOf(args.definitionId),
    ...seal(configuration as pulumi.Input<Record<string, unknown>>, specification, `${kind} "${name}"`),
    connectorVersion: undefined,
  };
}

const OUTPUTS = ["name", "definitionId", "configuration", "connectorVersion"];

/** What sources and destinations have in common. */
abstract class ActorResource extends AirbyteResource {
  constructor(kind: ActorKind, type: string, name: string, args: AnyActorArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = options?.id === undefined ? actorInputs(kind, name, args) : lookUpInputs(args, OUTPUTS);
    super(kind, type, name, args.airbyte, inputs, options);
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
}

/**
 * A source: a connector, and the settings with which it reads from one system.
 *
 * @example
 * const users = new Source("users", {
 *   airbyte,
 *   connector: "faker",
 *   configuration: { count: 1000 },
 * });
 *
 * @example
 * const sheet = new Source("orders-sheet", {
 *   airbyte,
 *   definitionId: "71607ba1-c0ac-4799-8049-7f4b90dd50f7", // Google Sheets
 *   configuration: {
 *     spreadsheet_id: "https://docs.google.com/spreadsheets/d/…",
 *     credentials: { auth_type: "Service", service_account_info: config.requireSecret("googleServiceAccount") },
 *   },
 * });
 */
export class Source<Connector extends string = string> extends ActorResource {
  constructor(name: string, args: SourceArgs<Connector>, options?: pulumi.CustomResourceOptions) {
    super("source", "Source", name, args, options);
  }

  /**
   * A source that others manage: it is read, and neither changed nor deleted.
   *
   * @example
   * const crm = Source.get("crm", { name: "CRM" }, { airbyte });
   */
  static get(name: string, existing: Existing, args: GetArgs, options?: pulumi.CustomResourceOptions): Source {
    return new Source(name, args as SourceArgs, readOptions("source", existing, args, options));
  }

  /** Airbyte's id of the source: the resource's id under Airbyte's name for it. */
  get sourceId(): pulumi.Output<string> {
    return this.id;
  }
}

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
