import * as pulumi from "@pulumi/pulumi";

const ofAirbyte = /^(pulumi:pulumi:Stack(Reference)?|pulumi-nodejs:dynamic\/airbyte:\w+)$/;

/**
 * Ends the program at a resource that is not of Airbyte: with `fast: true` a run that is cut off leaves nothing in the state, and only what is in
 * an Airbyte is found again (scripts/stack/cut-off.ts).
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

/**
 * Registers the stack's resources, the program's last work, and spares it stack traces from then on.
 *
 * Pulumi's SDK notes for each resource where the program registers it, and the engine writes that into the state: for what pipelines.yaml
 * declares, the same lines of this project for all, a sixth of a state that is written twice for each change. It also puts a trace into
 * words for each of its promises, a tenth of the processor time of the program. Errors keep two frames: enough to tell where they come from.
 */
export function untraced<T>(register: () => T): T {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.prepareStackTrace = () => "";
  Error.stackTraceLimit = 2;
  try {
    return register();
  } finally {
    Object.defineProperty(Error, "prepareStackTrace", before ?? { value: undefined, writable: true });
  }
}
