/** A resource of a state, as `pulumi stack export` shows it: secrets are encrypted in it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** A replaced one that is still to be deleted. */
  delete?: boolean;
  inputs?: Record<string, unknown>;
}

/** An object in Airbyte that a state holds. */
export interface AirbyteObject {
  /** `Source`, `Connection` … */
  type: string;
  /** As the program declares it. */
  name: string;
  /** Airbyte's. */
  id: string;
  inputs: Record<string, unknown>;
}

export function airbyteObjects(resources: readonly StateResource[]): AirbyteObject[] {
  return resources.flatMap(({ urn, type, id, inputs = {}, delete: isReplaced }) => {
    const kind = /^pulumi-nodejs:dynamic\/airbyte:(\w+)$/.exec(type)?.[1];
    // A name may hold ::, a type can't.
    const name = urn.split("::").slice(3).join("::");
    return kind === undefined || !id || isReplaced ? [] : [{ type: kind, name, id, inputs }];
  });
}
