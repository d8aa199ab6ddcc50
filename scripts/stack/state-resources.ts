/** A resource of a state, as `pulumi stack export` shows it: secrets are encrypted in it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** A replaced one that is still to be deleted. */
  delete?: boolean;
  /** Others manage it. */
  external?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** A delete of it is refused. */
  protect?: boolean;
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
  return resources.flatMap((resource) => {
    const { id, inputs = {}, delete: isReplaced } = resource;
    const type = airbyteType(resource);
    return type === undefined || !id || isReplaced ? [] : [{ type, name: declaredName(resource), id, inputs }];
  });
}

/** `Source`, `Connection` … of an object in Airbyte. */
export function airbyteType({ type }: StateResource): string | undefined {
  return /^pulumi-nodejs:dynamic\/airbyte:(\w+)$/.exec(type)?.[1];
}

export function declaredName({ urn }: StateResource): string {
  // A name may hold ::, a type can't.
  return urn.split("::").slice(3).join("::");
}
