import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource, idOf, type AdoptableArgs, type Reference } from "../../resource.ts";

/** Settings of a {@link Permission}. */
export interface PermissionArgs extends Omit<AdoptableArgs, "name" | "adopt"> {
  /** What the user may do: `workspace_` or `organization_` and `admin`, `editor`, `runner` or `reader`; `organization_member`. */
  permissionType: pulumi.Input<string>;
  /** The user's id, or give `userEmail`; a change replaces the permission. */
  userId?: pulumi.Input<string> | undefined;
  /** The address that the user signs in with. */
  userEmail?: pulumi.Input<string> | undefined;
  /** The workspace, or its id; a change replaces the permission. @default the handle's, unless `organizationId` is given */
  workspaceId?: Reference | undefined;
  /** In place of a workspace: the organization. */
  organizationId?: pulumi.Input<string> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the user's permission in this place. Only the
   * first `up` of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}

/**
 * What a user may do in a workspace or an organization. Users themselves are invited in Airbyte.
 *
 * @example
 * new Permission("ann-edits", { airbyte, permissionType: "workspace_editor", userEmail: "ann@example.com" });
 */
export class Permission extends AirbyteResource {
  constructor(name: string, args: PermissionArgs, options?: pulumi.CustomResourceOptions) {
    const { airbyte, workspaceId = args.organizationId === undefined ? airbyte.workspaceId : undefined, ...own } = args;
    const place = workspaceId === undefined ? {} : { workspaceId: idOf(workspaceId) };
    super("permission", "Permission", name, airbyte, { userId: undefined, ...own, ...place }, options);
  }

  /** The user's id in Airbyte. */
  declare readonly userId: pulumi.Output<string>;

  /** Airbyte's id of the permission: the resource's id under Airbyte's name for it. */
  get permissionId(): pulumi.Output<string> {
    return this.id;
  }
}
