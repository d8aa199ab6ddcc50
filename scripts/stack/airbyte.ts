// The one way from a stack to its Airbyte: where it is, its workspace, and its API with the stack's credentials.
import { join } from "node:path";
import { ensureRunning, hasData } from "../../embedded/index.ts";
import { explained, UserError } from "../../errors/user-error.ts";
import { Access } from "../../providers/access.ts";
import { publicApiRoot } from "../../providers/airbyte/api/address.ts";
import type { Call } from "../../providers/airbyte/api/call.ts";
import { Client } from "../../providers/airbyte/api/client.ts";
import type { Context } from "../../providers/airbyte/lifecycle/handler.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { npmStart } from "./open-stack.ts";
import { lookUp, setting, targetOf, type StackFacts } from "./stack-facts.ts";

/** What has to be known of a stack to get into its Airbyte. */
export type Known = Pick<StackFacts, "project" | "stack" | "values" | "keptUrl" | "keptWorkspaceId">;

/** A stack's Airbyte, open. */
export interface Airbyte extends Pick<Context, "api" | "connectors"> {
  url: string;
  client: Client;
}

/**
 * Where a stack's Airbyte is: as its settings say, or as it was set up; "" for an embedded one that no run of the stack has told of yet, which
 * is found by its folder. undefined where there is none.
 */
export function addressOf(known: Known): string | undefined {
  const target = targetOf(known);
  const said = target === "existing" ? setting(known, "url") : undefined;
  const found = said ?? known.keptUrl;
  if (found !== undefined || target !== "embedded") return found;
  return hasData(join(folderOf(known), "embedded")) ? "" : undefined;
}

/** The workspace that the settings name, or else that the stack has kept. */
export function workspaceOf(known: Known): string | undefined {
  return setting(known, "workspaceId") ?? known.keptWorkspaceId;
}

/** The same, or else the first one that its Airbyte shows. */
export async function workspaceIn(known: Known, { api }: Pick<Airbyte, "api">): Promise<string | undefined> {
  return workspaceOf(known) ?? (await api.listWorkspaces())[0]?.workspaceId;
}

/** The folder that this machine keeps for the stack, relative to the project. */
export function folderOf(known: Known): string {
  return setting(known, "stateDir") ?? join(".airbyte", known.stack);
}

/** How to get into it. */
export function accessTo(known: Known): Access {
  return new Access({ get: lookUp(known) });
}

/**
 * Opens it with the stack's credentials; the embedded one is started where it stands still.
 *
 * @param url where it is, if that isn't what the stack's facts say
 * @throws UserError where the stack has none yet
 */
export async function openAirbyte(known: Known, url = addressOf(known)): Promise<Airbyte> {
  if (url === undefined) throw noAirbyte(known.stack);
  const session = new Session(accessTo(known));
  const inputs = { airbyteUrl: url, declaredAs: `${known.stack}/command` };
  const { api, connectors } = await session.airbyte(inputs);
  return { url, api, connectors, client: await session.client(inputs) };
}

/**
 * Said where a command needs the Airbyte of a stack that has none.
 *
 * @param orElse what else the user can do
 */
export function noAirbyte(stack: string, orElse?: string): UserError {
  const next = [npmStart(stack), orElse].filter((step) => step !== undefined).join(", ");
  return new UserError(`The stack "${stack}" has no Airbyte yet.`, { next });
}

/** The same where it has to be an embedded one, which is on this machine. */
export function noEmbedded(stack: string): UserError {
  return new UserError(`The stack "${stack}" has no embedded Airbyte on this machine.`, {
    next: `${npmStart(stack)}, which makes one where the stack's target is embedded`,
  });
}

/**
 * One call of what the embedded Airbyte of a stack has beyond Airbyte's APIs; starts the server where it stands still.
 * undefined where the stack has none.
 */
export async function callEmbedded<T>(
  stackFolder: string,
  call: Pick<Call<T>, "method" | "path" | "query" | "doing"> & { schema: NonNullable<Call<T>["schema"]> },
): Promise<T | undefined> {
  const folder = join(stackFolder, "embedded");
  if (!hasData(folder)) return undefined;
  const { url, clientId, clientSecret } = await explained(() => ensureRunning(folder));
  const client = new Client({ root: publicApiRoot(url), configRoot: `${url}/api/embedded`, clientId, clientSecret });
  try {
    return await client.call({ ...call, api: "config" });
  } finally {
    await client.close();
  }
}
