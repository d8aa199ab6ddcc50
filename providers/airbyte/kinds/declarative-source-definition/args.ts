// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle, Reference } from "../../resource.ts";

/** Settings of a {@link DeclarativeSourceDefinition}. */
export interface DeclarativeSourceDefinitionArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** Name shown in Airbyte; a change replaces the connector and all made with it. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /** The low-code manifest, as the connector builder exports it. */
  manifest: pulumi.Input<Record<string, unknown>>;
  /** The workspace, or its id. A change makes a new one. @default the handle's */
  workspaceId?: Reference | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}
