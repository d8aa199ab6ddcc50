// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle } from "../../resource.ts";

/** Settings of a {@link Region}. A setting that is taken out again goes back to its default. */
export interface RegionArgs {
  /** The Airbyte that it lives in; a workspace doesn't matter here. */
  airbyte: Omit<AirbyteHandle, "workspaceId">;
  /** Name shown in Airbyte. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /** The organization whose region it is. A change makes a new one. */
  organizationId: pulumi.Input<string>;
  /** Whether it takes jobs. @default true */
  enabled?: pulumi.Input<boolean> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}
