import type * as pulumi from "@pulumi/pulumi";
import { ActorResource } from "./resource.ts";
import type { ConfigurationOf } from "./configurations.ts";
import { readOptions, type Existing, type GetArgs } from "../../existing.ts";
import type { SourceConfigurations } from "../../index.ts";
import type { InWorkspaceArgs, Reference } from "../../resource.ts";

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
