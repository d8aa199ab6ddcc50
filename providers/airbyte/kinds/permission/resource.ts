import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource, idOf } from "../../resource.ts";
import type { PermissionArgs } from "./args.ts";

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
