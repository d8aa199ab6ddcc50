import { nextStep } from "../../errors/user-error.ts";
import * as pulumi from "@pulumi/pulumi";
import { quietConsole } from "../quiet-console.ts";
import { noteDeclared } from "./losses.ts";

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
  /** @throws RunError where the options have `import`: Pulumi would read a resource that doesn't name its code yet, and end in its own insides. */
  constructor(kind: string, type: string, name: string, inputs: pulumi.Inputs, options?: pulumi.CustomResourceOptions) {
    if (options?.import !== undefined) {
      throw new pulumi.RunError(
        `${type} "${name}": Pulumi's dynamic resources can't be imported. ` +
          nextStep(
            "take `import` out of its options, and give `adopt: ID` among its arguments instead; npm run adopt takes over a whole workspace.",
          ),
      );
    }
    quietConsole(console);
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
    const before = earlierNames(name, options.aliases ?? []);
    if (before.length > 0) Object.assign(common, { declaredBefore: pulumi.all(before) });
    const dependsOn = [options.dependsOn ?? [], airbyte.dependsOn ?? []].flat() as pulumi.Resource[];
    const deletedWith = options.deletedWith ?? airbyte.deletedWith;
    super(kind, type, name, { ...common, ...inputs }, { ...options, dependsOn, ...(deletedWith && { deletedWith }) });
    noteDeclared(kind, name, { ...common, ...inputs }, options);
  }
}

/** `STACK/NAME` of what a resource was before by its aliases: the provider's journal knows it so. */
function earlierNames(name: string, aliases: pulumi.Input<pulumi.URN | pulumi.Alias>[]): pulumi.Output<string>[] {
  const now = pulumi.getStack();
  const isOther = (alias: pulumi.Input<pulumi.URN | pulumi.Alias>) =>
    typeof alias !== "object" || pulumi.Output.isInstance(alias) || "name" in alias || "stack" in alias;
  return aliases.filter(isOther).map((alias) =>
    pulumi.output(alias as string).apply((known: pulumi.URN | pulumi.Alias) => {
      if (typeof known !== "string") return pulumi.interpolate`${known.stack ?? now}/${known.name ?? name}`;
      const [start = "", , , ...named] = known.split("::");
      return pulumi.output(`${start.split(":")[2]}/${named.join("::")}`);
    }),
  );
}

/** A resource, or its id in Airbyte. */
export type Reference = pulumi.Input<string | pulumi.CustomResource>;

/** The settings that every resource of a workspace has. */
export interface InWorkspaceArgs extends AdoptableArgs {
  /** The workspace, or its id; a change replaces the resource. @default the handle's */
  workspaceId?: Reference | undefined;
}

/** The settings that every resource of an Airbyte has. */
export interface AdoptableArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** Display name in Airbyte. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}

/** The id behind a reference that is the resource itself or an id. Never one of its outputs: those are unknown in the preview of an update, an id is not. */
export function idOf(reference: Reference): pulumi.Input<string> {
  if (typeof reference === "string") return reference;
  if (pulumi.CustomResource.isInstance(reference)) return reference.id;
  const known: pulumi.Output<unknown> = pulumi.output(reference);
  return (known as pulumi.Output<string | pulumi.CustomResource>).apply((value) =>
    typeof value === "string" ? pulumi.output(value) : value.id,
  );
}

/** Inputs of a resource in a workspace: its own, and where it is. */
export function inWorkspace<A extends InWorkspaceArgs>(name: string, args: A): pulumi.Inputs {
  const { airbyte, workspaceId = airbyte.workspaceId, ...inputs } = args;
  return { name, ...inputs, workspaceId: idOf(workspaceId) };
}

function loader(kind: string): string {
  return `exports.handler=()=>require("module").createRequire(process.cwd()+"/x")("airbyte-on-pulumi/provider")("${kind}")`;
}
