import * as pulumi from "@pulumi/pulumi";

/**
 * Ends the program at a resource that is not of Airbyte: with `fast: true` a run that is cut off leaves nothing in the state, and only what is in
 * an Airbyte is found again (scripts/fast.mjs).
 *
 * @throws pulumi.RunError that names the resource
 */
export function demandAirbyteAlone(): void {
  pulumi.runtime.registerStackTransformation(({ type, name }) => {
    if (/^(pulumi:pulumi:Stack(Reference)?|pulumi-nodejs:dynamic\/airbyte:\w+)$/.test(type)) return undefined;
    throw new pulumi.RunError(
      `fast: true is for stacks that hold resources of Airbyte alone; found ${type} "${name}".\n  npm run pulumi -- config set fast false`,
    );
  });
}
