/** A resource in a state as Pulumi exports it, as far as it matters here. */
interface Resource {
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

interface ExportedState {
  deployment?: { resources?: Resource[] };
}

/**
 * Whether a resource's outputs don't name the code that manages it. Pulumi's dynamic provider loads the code from there to read, delete
 * or replace a resource, and without it ends with "code must be a string, not undefined" before any of ours is loaded: then nothing of
 * the whole stack can be refreshed or destroyed. Versions before this one left that behind when a resource was created but failed after
 * that (a connection test, a first sync).
 */
export function isWithoutCode({ type, inputs, outputs }: Resource): boolean {
  return (
    type.startsWith("pulumi-nodejs:dynamic/airbyte:") && typeof inputs?.__provider === "string" && !outputs?.__provider
  );
}

/**
 * Names the code again wherever it is missing; those to be deleted after a replacement included, which share their URN with what
 * replaced them.
 *
 * @param state as `pulumi stack export` prints it; changed in place.
 * @returns how many resources were mended.
 */
export function nameCode({ deployment }: ExportedState): number {
  const found = (deployment?.resources ?? []).filter(isWithoutCode);
  for (const resource of found) resource.outputs = { ...resource.outputs, __provider: resource.inputs?.__provider };
  return found.length;
}
