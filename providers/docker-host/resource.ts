import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../airbyte/resource.ts";
import type { DockerHostInputs } from "./kind.ts";

type Inputs = { [K in keyof DockerHostInputs]: pulumi.Input<NonNullable<DockerHostInputs[K]>> | undefined };

/** A machine whose Docker answers over SSH. */
export class DockerHost extends DynamicResource {
  /** `ssh://USER@ADDRESS`, for Docker's provider. */
  declare readonly host: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super("docker-host", "DockerHost", name, { ...inputs, host: undefined }, options);
  }
}
