import * as pulumi from "@pulumi/pulumi";
import { didYouMean } from "../../errors/nearest.ts";
import { nextStep } from "../../errors/user-error.ts";
import { type AirbyteApi, workspacesOnce } from "./api/airbyte-api.ts";
import type { ActorKind } from "./api/words.ts";
import { isMocked } from "../this-run.ts";
import { commonInputs, programSession } from "./program-session.ts";
import { idOf, type AirbyteHandle, type Reference } from "./resource.ts";
import type { Specification } from "./specification/schema.ts";

/**
 * A connector's specification, asked for while the program runs: it tells which values to make secrets. undefined where
 * the Airbyte is not there yet or can't be asked, or where address or connector are known only later.
 */
export async function lookUpSpecification(
  kind: ActorKind,
  airbyte: AirbyteHandle,
  { connector, definitionId }: { connector?: unknown; definitionId?: unknown },
): Promise<Specification | undefined> {
  if (isMocked() || typeof airbyte.url !== "string") return undefined;
  if (typeof connector !== "string" && typeof definitionId !== "string") return undefined;
  try {
    const asked = await ask(airbyte.url, airbyte.profile);
    if (!asked) return undefined;
    const { api, connectors } = asked;
    const [workspace] = await workspacesOnce(api);
    if (!workspace) return undefined;
    if (typeof definitionId === "string") {
      return await connectors.specification(kind, definitionId, workspace.workspaceId);
    }
    const found = await connectors.resolve(kind, connector as string, workspace.workspaceId);
    return "id" in found ? await connectors.specification(kind, found.id, workspace.workspaceId) : undefined;
  } catch {
    return undefined; // The provider's check says what is wrong; here it only means that keys decide.
  }
}

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
  existing: Existing | undefined,
  { airbyte, workspaceId }: GetArgs,
  options: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  // Without an id Pulumi would create one.
  if (existing === undefined || existing === "") {
    throw new pulumi.RunError(
      `A ${kind} that others manage is looked up by its id or by {name}; found neither. ` +
        nextStep("give one of them; to make a new one, use `new` in place of `get`."),
    );
  }
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

/** What can be looked up by its name. */
export type LookedUpKind = ActorKind | "connection" | "workspace" | "tag";

/** The id of the one object of a name; an error says what else there is. */
export async function lookUpId(
  kind: LookedUpKind,
  airbyte: AirbyteHandle,
  workspaceId: pulumi.Input<string>,
  name: string,
): Promise<string> {
  const [url, workspace] = await Promise.all([known(airbyte.url), known(workspaceId)]);
  const asked = await ask(url, airbyte.profile);
  if (!asked) throw new pulumi.RunError(`${kind} "${name}" can't be looked up: the Airbyte is not there yet.`);
  const all = await listNamed(asked.api, kind, workspace);
  const matches = all.filter((found) => found.name === name);
  if (matches.length === 1 && matches[0]) return matches[0].id;
  const names = all.map((found) => found.name);
  throw new pulumi.RunError(
    matches.length === 0
      ? `There is no ${kind} "${name}"${didYouMean(name, names)}`
      : `${matches.length} ${kind}s are named "${name}"; say which by its id: ${matches.map(({ id }) => id).join(", ")}`,
  );
}

async function listNamed(api: AirbyteApi, kind: LookedUpKind, workspaceId: string) {
  switch (kind) {
    case "connection":
      return (await api.listConnections(workspaceId)).map(({ connectionId, name }) => ({ id: connectionId, name }));
    case "workspace":
      return api.objects.workspaces.list({});
    case "tag":
      return api.objects.tags.list({ workspaceId });
    case "source":
    case "destination":
      return api.listActors(kind, workspaceId);
  }
}

// In a preview of what is still to be made there is nothing to look up, and waiting for it would never end.
function known<T>(input: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => pulumi.output(input).apply((value) => resolve(value as T)));
}

async function ask(airbyteUrl: string, profile: string | undefined) {
  const inputs = commonInputs(airbyteUrl, profile);
  const current = await programSession();
  if (current.isDataGone(inputs)) return undefined;
  const shut = await current.whyShut(inputs);
  if (shut) throw shut;
  return current.airbyte(inputs);
}
