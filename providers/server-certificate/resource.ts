import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../airbyte/resource.ts";
import type { ServerCertificateInputs } from "./kind.ts";

type Inputs = { [K in keyof ServerCertificateInputs]: pulumi.Input<ServerCertificateInputs[K]> };

/** A certificate for the stack's server, signed by the stack's own authority. */
export class ServerCertificate extends DynamicResource {
  declare readonly certificate: pulumi.Output<string>;
  declare readonly authority: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    const outputs = { certificate: undefined, authority: undefined, renewAfter: undefined };
    super("server-certificate", "ServerCertificate", name, { ...inputs, ...outputs }, options);
  }
}
