import type * as pulumi from "@pulumi/pulumi";
import { lookUpInputs, readOptions, type Existing, type GetArgs } from "../../existing.ts";
import type { DestinationConfigurations, SourceConfigurations } from "../../index.ts";
import { lookUpSpecification } from "../../lookup.ts";
import { AirbyteResource, idOf, inWorkspace, type InWorkspaceArgs, type Reference } from "../../resource.ts";
import type { ActorKind } from "../../api/words.ts";
import { seal } from "./sealing.ts";

/**
 * The configuration of a source or destination: of the connector's own type where `Known` has one by that name, else
 * whatever its documentation says.
 *
 * @typeParam Known types by the connectors' names: `SourceConfigurations` or `DestinationConfigurations`
 */
export type ConfigurationOf<Known, Connector extends string> = pulumi.Input<
  Connector extends keyof Known ? InputsOf<Known[Connector]> : Record<string, unknown>
>;

/** A type of which any part may be known only later, or be a secret. */
export type InputsOf<T> = T extends readonly (infer Item)[]
  ? pulumi.Input<InputsOf<Item>>[]
  : T extends object
    ? { [Key in keyof T]: pulumi.Input<InputsOf<T[Key]>> | IfOptional<T, Key> }
    : T;

// A key that may be left out may be undefined too, also where a program's tsconfig tells the two apart.
type IfOptional<T, Key extends keyof T> = Record<never, never> extends Pick<T, Key> ? undefined : never;

/**
 * Settings of a source or a destination.
 *
 * @typeParam Known types of configurations, by the connectors' names
 */
export interface ActorArgs<Known = object, Connector extends string = string> extends InWorkspaceArgs {
  /**
   * Name of the connector, e.g. `postgres`, as this Airbyte has it (its own before one that somebody added); or give
   * `definitionId`. A change replaces the resource, and the connections that use it.
   */
  connector?: pulumi.Input<Connector> | undefined;
  /** In place of the name: the connector's id, or a definition of one's own. */
  definitionId?: Reference | undefined;
  /**
   * The connector's own settings, as its documentation names them. Values that the connector's specification marks as
   * secret become Pulumi secrets by themselves; `"${stored}"` keeps the secret that Airbyte has. An editor completes and
   * checks them where their types have been written (`npm run types`).
   */
  configuration: ConfigurationOf<Known, Connector>;
  /**
   * Runs Airbyte's own connection test right after each creation and change, and fails with the connector's message;
   * what was made is kept. On Airbyte Cloud a source is tested by discovering its streams. @default false
   */
  check?: pulumi.Input<boolean> | undefined;
  /** CPU and memory of its jobs, self-managed Airbyte only: `{default: {cpu_limit: "1", …}, jobSpecific: […]}`. @default Airbyte's */
  resourceAllocation?: pulumi.Input<Record<string, unknown>> | undefined;
}

/** Arguments of whatever connector. */
type AnyActorArgs = Omit<ActorArgs, "configuration"> & { configuration: unknown };

/** What the provider gets of a source's or destination's arguments: defaults filled in, secrets sealed. */
function actorInputs(kind: ActorKind, name: string, { configuration, ...args }: AnyActorArgs): pulumi.Inputs {
  const specification = lookUpSpecification(kind, args.airbyte, args);
  return {
    ...inWorkspace(name, args),
    definitionId: args.definitionId === undefined ? undefined : idOf(args.definitionId),
    ...seal(configuration as ActorArgs["configuration"], specification, `${kind} "${name}"`),
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

/** Settings of a {@link Source}. */
export interface SourceArgs<Connector extends string = string> extends ActorArgs<SourceConfigurations, Connector> {
  /** The id that Airbyte's OAuth consent gave, in place of credentials in `configuration`. */
  secretId?: pulumi.Input<string> | undefined;
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
