import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource, type AirbyteHandle } from "../../resource.ts";

/**
 * The one workspace of an Airbyte that has just one: found when the stack is made, and kept, so that a workspace that
 * somebody adds later changes nothing. With several, the error lists them. Destroying it leaves the workspace.
 */
export class DefaultWorkspace extends AirbyteResource {
  constructor(name: string, airbyte: Omit<AirbyteHandle, "workspaceId">, options?: pulumi.CustomResourceOptions) {
    super("default-workspace", "DefaultWorkspace", name, { ...airbyte, workspaceId: "" }, {}, options);
  }

  /** Airbyte's id of the workspace: the resource's id under Airbyte's name for it. */
  get workspaceId(): pulumi.Output<string> {
    return this.id;
  }
}
