import * as pulumi from "@pulumi/pulumi";

/** The Airbyte that resources live in: what a target gives. */
export interface AirbyteHandle {
  /** Its address: a host, the address of its UI, or an API root. */
  url: pulumi.Input<string>;
  /** The workspace for resources that name none. */
  workspaceId: pulumi.Input<string>;
  /** Name of its credentials in the stack's configuration (`profiles.NAME`), where a program uses several Airbytes. */
  profile?: string;
  /** What must be there before a resource can be created in it. */
  dependsOn?: pulumi.Resource[];
  /** What holds its data: when that is destroyed, no resource is deleted one by one from a server that goes away. It must never be replaced. */
  deletedWith?: pulumi.Resource | undefined;
}

/**
 * A resource whose life cycle is this project's own code.
 *
 * Pulumi's ordinary dynamic resource serialises its provider into the state, twice for each resource. This one names
 * the code instead: the text is all that the state holds, so the state stays small, holds no secret by accident, and
 * a new version of the code changes no resource.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  constructor(kind: string, type: string, name: string, inputs: pulumi.Inputs, options?: pulumi.CustomResourceOptions) {
    super(`pulumi-nodejs:dynamic/airbyte:${type}`, name, { ...inputs, __provider: loader(kind) }, options);
  }
}

/** A resource that lives in an Airbyte. */
export abstract class AirbyteResource extends DynamicResource {
  constructor(
    kind: string,
    type: string,
    name: string,
    airbyte: AirbyteHandle,
    inputs: pulumi.Inputs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const common = {
      airbyteUrl: airbyte.url,
      profile: airbyte.profile,
      declaredAs: `${pulumi.getStack()}/${name}`,
    };
    const dependsOn = [options.dependsOn ?? [], airbyte.dependsOn ?? []].flat() as pulumi.Resource[];
    const deletedWith = options.deletedWith ?? airbyte.deletedWith;
    super(kind, type, name, { ...common, ...inputs }, { ...options, dependsOn, ...(deletedWith && { deletedWith }) });
  }
}

/** The id behind a reference that is the resource itself or an id. Never one of its outputs: those are unknown in the preview of an update, an id is not. */
export function idOf(reference: pulumi.Input<string | pulumi.CustomResource>): pulumi.Input<string> {
  if (typeof reference === "string") return reference;
  if (pulumi.CustomResource.isInstance(reference)) return reference.id;
  const known: pulumi.Output<unknown> = pulumi.output(reference);
  return (known as pulumi.Output<string | pulumi.CustomResource>).apply((value) =>
    typeof value === "string" ? pulumi.output(value) : value.id,
  );
}

function loader(kind: string): string {
  return `exports.handler=()=>require("module").createRequire(process.cwd()+"/x")("airbyte-on-pulumi/provider")("${kind}")`;
}
