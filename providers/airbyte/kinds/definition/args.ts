// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle, Reference } from "../../resource.ts";

/** Settings of a {@link SourceDefinition} or a {@link DestinationDefinition}. */
export interface DefinitionArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** Name shown in Airbyte. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /** The Docker image without its tag. A change replaces the connector and all made with it. */
  dockerRepository: pulumi.Input<string>;
  /** The version to run. */
  dockerImageTag: pulumi.Input<string>;
  /** Where people read how to set it up. It can't be changed. */
  documentationUrl?: pulumi.Input<string> | undefined;
  /** The workspace, or its id. A change makes a new one. @default the handle's */
  workspaceId?: Reference | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}
