import * as pulumi from "@pulumi/pulumi";

const ofAirbyte = /^(pulumi:pulumi:Stack(Reference)?|pulumi-nodejs:dynamic\/airbyte:\w+)$/;

/**
 * Ends the program at a resource that is not of Airbyte: with `fast: true` a run that is cut off leaves nothing in the state, and only what is in
 * an Airbyte is found again (scripts/stack/fast.ts).
 */
export function demandAirbyteAlone(): void {
  pulumi.runtime.registerStackTransformation(refuseOthers);
}

/** @throws pulumi.RunError that names a resource which is not of Airbyte */
export function refuseOthers({ type, name }: { type: string; name: string }): undefined {
  if (ofAirbyte.test(type)) return undefined;
  throw new pulumi.RunError(
    `fast: true is for stacks that hold resources of Airbyte alone; found ${type} "${name}".\n  npm run pulumi -- config set fast false`,
  );
}
