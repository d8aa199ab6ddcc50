import * as pulumi from "@pulumi/pulumi";
import { lookUpInputs, readOptions, type Existing, type GetArgs } from "../../lookup.ts";
import { AirbyteResource, inWorkspace } from "../../resource.ts";
import type { TagArgs } from "./args.ts";

/**
 * A tag of a workspace, for its connections. Names have at most 30 characters and are unique in the workspace.
 *
 * @example
 * const nightly = new Tag("nightly", { airbyte, color: "1F77B4" });
 * new Connection("orders", { airbyte, source, destination, tags: [nightly] });
 */
export class Tag extends AirbyteResource {
  constructor(name: string, args: TagArgs, options?: pulumi.CustomResourceOptions) {
    const fresh = options?.id === undefined;
    const inputs = fresh ? inWorkspace(name, args) : lookUpInputs(args, ["name", "color"]);
    super("tag", "Tag", name, args.airbyte, inputs, options);
  }

  /** A tag that others manage: it is read, and neither changed nor deleted. */
  static get(name: string, existing: Existing, args: GetArgs, options?: pulumi.CustomResourceOptions): Tag {
    return new Tag(name, args as TagArgs, readOptions("tag", existing, args, options));
  }

  declare readonly name: pulumi.Output<string>;
  declare readonly color: pulumi.Output<string>;
  declare readonly workspaceId: pulumi.Output<string>;

  /** Airbyte's id of the tag: the resource's id under Airbyte's name for it. */
  get tagId(): pulumi.Output<string> {
    return this.id;
  }
}

/** A tag, its id, or a whole tag as Airbyte's API has it. */
export type TagReference = pulumi.Input<Tag | string | Record<string, unknown>>;

/** What a connection gives the provider of its tags: ids, and whole tags where they are given whole. */
export function tagInputs(tags: pulumi.Input<TagReference[]>): pulumi.Input<unknown[]> {
  if (Array.isArray(tags)) return tags.map(tagInput);
  return (pulumi.output(tags) as pulumi.Output<unknown[]>).apply((list) => pulumi.all(list.map(tagInput)));
}

function tagInput(tag: unknown): unknown {
  if (pulumi.CustomResource.isInstance(tag)) return tag.id;
  if (!pulumi.Output.isInstance(tag) && !(tag instanceof Promise)) return tag;
  return (pulumi.output(tag) as pulumi.Output<unknown>).apply((known) => pulumi.output(tagInput(known)));
}
