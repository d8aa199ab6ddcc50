import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../airbyte/resource.ts";
import type { CredentialVersions } from "../../infra/airbyte/credentials.ts";

interface Inputs {
  airbyteUrl: pulumi.Input<string>;
  data: pulumi.Input<string>;
  adminEmail: string;
  credentials: CredentialVersions;
  chart: string;
}

/** The anchor of the data of an Airbyte that the program set up. */
export class Installation extends DynamicResource {
  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super("installation", "Installation", name, { ...inputs, declaredAs: `${pulumi.getStack()}/${name}` }, options);
  }
}
