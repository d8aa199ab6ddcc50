import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../airbyte/resource.ts";
import type { EmbeddedServerInputs } from "./kind.ts";

/** The embedded Airbyte as a resource: created by starting it, destroyed by stopping it and removing its data. */
export class EmbeddedServer extends DynamicResource {
  constructor(name: string, inputs: EmbeddedServerInputs, options?: pulumi.CustomResourceOptions) {
    super("embedded-server", "EmbeddedServer", name, inputs, options);
  }
}
