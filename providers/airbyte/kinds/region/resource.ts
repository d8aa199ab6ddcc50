import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource } from "../../resource.ts";
import type { RegionArgs } from "./args.ts";

/**
 * A region: a group of data planes, in which connections run. Deleting it deletes its data planes.
 *
 * @example
 * const eu = new Region("eu", { airbyte, organizationId: "8a7e1a9c-5d0b-4c5e-9c5d-0d8f6a3b2c11" });
 * new Workspace("emea", { airbyte, regionId: eu.regionId });
 */
export class Region extends AirbyteResource {
  constructor(name: string, { airbyte, ...args }: RegionArgs, options?: pulumi.CustomResourceOptions) {
    super("region", "Region", name, { ...airbyte, workspaceId: "" }, { name, ...args }, options);
  }

  /** What a workspace names as its `regionId`: the resource's id. */
  get regionId(): pulumi.Output<string> {
    return this.id;
  }
}
