// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle, Reference } from "../../resource.ts";

/** Settings of a {@link Tag}. */
export interface TagArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** Name of the tag. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /** Colour of the tag: six hexadecimal digits, without #. */
  color: pulumi.Input<string>;
  /** The workspace, or its id. A change makes a new one. @default the handle's */
  workspaceId?: Reference | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}
