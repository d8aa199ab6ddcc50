import * as pulumi from "@pulumi/pulumi";
import type { CredentialVersions } from "../../credentials/credentials.ts";
import { DynamicResource } from "../airbyte/resource.ts";
import type { DockerHostInputs } from "./docker-host.ts";
import type { EmbeddedServerInputs } from "./embedded-server.ts";
import type { ServerCertificateInputs } from "./server-certificate.ts";

// What the targets declare beside the cloud's own resources. The handlers, which Pulumi calls for them, stand in the files beside this one.

type Inputs<T> = { [K in keyof T]: pulumi.Input<NonNullable<T[K]>> | undefined };

/** A machine whose Docker answers over SSH. */
export class DockerHost extends DynamicResource {
  /** `ssh://USER@ADDRESS`, for Docker's provider. */
  declare readonly host: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs<DockerHostInputs>, options?: pulumi.CustomResourceOptions) {
    super("docker-host", "DockerHost", name, { ...inputs, host: undefined }, options);
  }
}

/** The embedded Airbyte as a resource: created by starting it, destroyed by stopping it and removing its data. */
export class EmbeddedServer extends DynamicResource {
  constructor(name: string, inputs: EmbeddedServerInputs, options?: pulumi.CustomResourceOptions) {
    super("embedded-server", "EmbeddedServer", name, inputs, options);
  }
}

interface InstallationArgs {
  airbyteUrl: pulumi.Input<string>;
  data: pulumi.Input<string>;
  adminEmail: string;
  credentials: CredentialVersions;
  chart: string;
}

/** The anchor of the data of an Airbyte that the program set up. */
export class Installation extends DynamicResource {
  constructor(name: string, inputs: InstallationArgs, options?: pulumi.CustomResourceOptions) {
    super("installation", "Installation", name, { ...inputs, declaredAs: `${pulumi.getStack()}/${name}` }, options);
  }
}

interface ReadinessArgs {
  airbyteUrl: pulumi.Input<string>;
  startedBy: pulumi.Input<string>[];
  minutes: number;
  lookBy: pulumi.Input<string>;
  needs?: pulumi.Input<string> | undefined;
}

/** The moment from which an Airbyte answers: what is created in it depends on this. */
export class Readiness extends DynamicResource {
  constructor(name: string, inputs: ReadinessArgs, options?: pulumi.CustomResourceOptions) {
    super("readiness", "Readiness", name, { ...inputs, declaredAs: `${pulumi.getStack()}/${name}` }, options);
  }
}

/** A certificate for the stack's server, signed by the stack's own authority. */
export class ServerCertificate extends DynamicResource {
  declare readonly certificate: pulumi.Output<string>;
  declare readonly authority: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs<ServerCertificateInputs>, options?: pulumi.CustomResourceOptions) {
    const outputs = { certificate: undefined, authority: undefined, renewAfter: undefined };
    super("server-certificate", "ServerCertificate", name, { ...inputs, ...outputs }, options);
  }
}
