// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { DestinationConfigurations, SourceConfigurations } from "../../index.ts";
import type { AirbyteHandle, Reference } from "../../resource.ts";
import type { ConfigurationOf } from "./configuration.ts";

/** Settings of a {@link Source}. */
export interface SourceArgs<Connector extends string = string> {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /**
   * The connector's name, such as `postgres`, as this Airbyte has it (its own before one that somebody added); or
   * give `definitionId`. A change replaces it, and the connections that use it.
   */
  connector?: pulumi.Input<Connector> | undefined;
  /** In place of the name: the connector's id, or a definition of one's own. A change makes a new one. */
  definitionId?: Reference | undefined;
  /** Name shown in Airbyte. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /**
   * The connector's own settings, as its documentation names them. Values that the connector's specification marks
   * as secret become Pulumi secrets by themselves; `"${stored}"` keeps the secret that Airbyte has. An editor
   * completes and checks them where their types have been written (`npm run types`).
   */
  configuration: ConfigurationOf<SourceConfigurations, Connector>;
  /** The workspace, or its id. A change makes a new one. @default the handle's */
  workspaceId?: Reference | undefined;
  /**
   * CPU, memory and disk of its jobs, self-managed Airbyte only: `{default: {cpu_limit: "1", …}, jobSpecific:
   * […]}`. @default Airbyte's
   */
  resourceAllocation?: pulumi.Input<Record<string, unknown>> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
  /**
   * Runs Airbyte's own connection test right after each creation and change, and fails with the connector's
   * message; what was made is kept. On Airbyte Cloud a source is tested by discovering its streams. @default false
   */
  check?: pulumi.Input<boolean> | undefined;
  /** Id of the secret that an OAuth consent flow (`initiateOAuth`) gave, in place of credentials in `configuration`. */
  secretId?: pulumi.Input<string> | undefined;
}

/** Settings of a {@link Destination}. */
export interface DestinationArgs<Connector extends string = string> {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /**
   * The connector's name, such as `postgres`, as this Airbyte has it (its own before one that somebody added); or
   * give `definitionId`. A change replaces it, and the connections that use it.
   */
  connector?: pulumi.Input<Connector> | undefined;
  /** In place of the name: the connector's id, or a definition of one's own. A change makes a new one. */
  definitionId?: Reference | undefined;
  /** Name shown in Airbyte. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /**
   * The connector's own settings, as its documentation names them. Values that the connector's specification marks
   * as secret become Pulumi secrets by themselves; `"${stored}"` keeps the secret that Airbyte has. An editor
   * completes and checks them where their types have been written (`npm run types`).
   */
  configuration: ConfigurationOf<DestinationConfigurations, Connector>;
  /** The workspace, or its id. A change makes a new one. @default the handle's */
  workspaceId?: Reference | undefined;
  /**
   * CPU, memory and disk of its jobs, self-managed Airbyte only: `{default: {cpu_limit: "1", …}, jobSpecific:
   * […]}`. @default Airbyte's
   */
  resourceAllocation?: pulumi.Input<Record<string, unknown>> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
  /**
   * Runs Airbyte's own connection test right after each creation and change, and fails with the connector's
   * message; what was made is kept. On Airbyte Cloud a source is tested by discovering its streams. @default false
   */
  check?: pulumi.Input<boolean> | undefined;
}
