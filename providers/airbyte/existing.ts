import * as pulumi from "@pulumi/pulumi";
import { lookUpId, type LookedUpKind } from "./lookup.ts";
import { idOf, type AirbyteHandle, type Reference } from "./resource.ts";

/** Which object is meant: its id, or a name that exactly one object of the workspace has. */
export type Existing = pulumi.Input<string> | { name: string };

/** Where an object is looked up. */
export interface GetArgs {
  /** The Airbyte that it lives in. */
  airbyte: AirbyteHandle;
  /** The workspace, or its id. @default the handle's */
  workspaceId?: Reference | undefined;
}

/** An input that tells the provider to show an object as it is, and never to change it. */
export const LOOKED_UP = { lookedUp: true };

/** Options with which Pulumi reads an object in place of creating it. */
export function readOptions(
  kind: LookedUpKind,
  existing: Existing,
  { airbyte, workspaceId }: GetArgs,
  options: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  const byName = typeof existing === "object" && !pulumi.Output.isInstance(existing) && "name" in existing;
  const id = byName ? lookUpId(kind, airbyte, idOf(workspaceId ?? airbyte.workspaceId), existing.name) : existing;
  // Airbyte masks what a specification marks as secret; what it doesn't mark is sealed all the same, and so are the
  // addresses of webhooks.
  return { ...options, id, additionalSecretOutputs: ["configuration", "notifications"] };
}

/** What the provider gets of a look-up; the named outputs are filled in by it. */
export function lookUpInputs({ airbyte, workspaceId }: GetArgs, outputs: readonly string[]): pulumi.Inputs {
  const unknown = Object.fromEntries(outputs.map((name) => [name, undefined]));
  return { workspaceId: idOf(workspaceId ?? airbyte.workspaceId), ...LOOKED_UP, ...unknown };
}
