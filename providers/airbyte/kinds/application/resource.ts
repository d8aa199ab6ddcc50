import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource } from "../../resource.ts";
import type { ApplicationArgs } from "./args.ts";

/**
 * Credentials with which a program uses Airbyte's API, in the name of the user whose application this stack uses. Not
 * on a self-managed Airbyte with simple authentication, which has one application for good.
 *
 * @example
 * const scheduler = new Application("scheduler", { airbyte });
 * export const clientSecret = scheduler.clientSecret; // a secret
 */
export class Application extends AirbyteResource {
  constructor(name: string, { airbyte, ...args }: ApplicationArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = { name, ...args, clientId: undefined, clientSecret: undefined };
    const additionalSecretOutputs = [...(options.additionalSecretOutputs ?? []), "clientSecret"];
    super("application", "Application", name, { ...airbyte, workspaceId: "" }, inputs, {
      ...options,
      additionalSecretOutputs,
    });
  }

  declare readonly clientId: pulumi.Output<string>;
  /** A secret. */
  declare readonly clientSecret: pulumi.Output<string>;

  /** Airbyte's id of the application: the resource's id under Airbyte's name for it. */
  get applicationId(): pulumi.Output<string> {
    return this.id;
  }
}
