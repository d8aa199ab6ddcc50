// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle, Reference } from "../../resource.ts";

/** Settings of a {@link Permission}. */
export interface PermissionArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** What the user may do. */
  permissionType: pulumi.Input<string>;
  /** The user's id in Airbyte; or give `userEmail`. A change makes a new one. */
  userId?: pulumi.Input<string> | undefined;
  /** The address that the user signs in with. */
  userEmail?: pulumi.Input<string> | undefined;
  /** The workspace, or its id. A change makes a new one. @default the handle's, unless `organizationId` is given */
  workspaceId?: Reference | undefined;
  /** In place of a workspace: the organization. A change makes a new one. */
  organizationId?: pulumi.Input<string> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the user's permission in this place. Only the
   * first `up` of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}
