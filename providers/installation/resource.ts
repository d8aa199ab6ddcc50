import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../airbyte/resource.ts";
import type { InstallationInputs } from "./kind.ts";

type Inputs = pulumi.Inputs & { [K in keyof InstallationInputs]: pulumi.Input<InstallationInputs[K]> };

/** The anchor of the data of an Airbyte that the program set up. */
export class Installation extends DynamicResource {
  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super("installation", "Installation", name, inputs, options);
  }
}
