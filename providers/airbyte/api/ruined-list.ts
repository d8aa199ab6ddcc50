import type { ActorKind } from "./airbyte-api.ts";
import type { Client } from "./client.ts";
import { pagesOfActors } from "./config-actor.ts";
import { AirbyteError } from "./errors.ts";
import type { Actor, JsonObject } from "./types.ts";

// A source or destination whose resourceAllocation has no `default` makes the public API's list of its workspace a 500
// for everybody, until it is deleted by its id. Somebody else may have made one.

/** `default: {}` where there is none: without it Airbyte keeps what it can't show. */
export function withDefault(allocation: JsonObject | undefined): JsonObject | undefined {
  return allocation && { ...allocation, default: allocation.default ?? {} };
}

/** The list as the public API gives it, or, where that is ruined, as the config API does, with what ruins it named. */
export async function* despiteRuin(
  client: Client,
  kind: ActorKind,
  workspaceId: string,
  pages: AsyncIterable<Actor[]>,
): AsyncGenerator<Actor[]> {
  const given: Actor[] = [];
  try {
    for await (const page of pages) {
      given.push(...page);
      yield page;
    }
  } catch (error) {
    if (!(error instanceof AirbyteError) || !error.isWithoutReason) throw error;
    const others = client.hasConfigApi ? await listed(client, kind, workspaceId) : undefined;
    if (!others) throw explained(error, kind);
    const ruining = others.filter(({ resourceAllocation }) => resourceAllocation && !resourceAllocation.default);
    for (const { id, name } of ruining) {
      client.tell(
        `warning: ${kind} ${JSON.stringify(name)} (${id}) has a resourceAllocation without default, so Airbyte answers 500 to ` +
          `lists of the ${kind}s of workspace ${workspaceId}. Delete it by its id (DELETE /${kind}s/${id}); until then its older API's list is used.`,
      );
    }
    const before = new Set(given.map(({ id }) => id));
    yield others.filter(({ id }) => !before.has(id));
  }
}

async function listed(client: Client, kind: ActorKind, workspaceId: string): Promise<Actor[] | undefined> {
  try {
    const all: Actor[] = [];
    for await (const page of pagesOfActors(client, kind, workspaceId)) all.push(...page);
    return all;
  } catch {
    return undefined; // The first refusal says more.
  }
}

function explained(error: AirbyteError, kind: ActorKind): AirbyteError {
  const { code, call, status, serverMessage: message, errorId } = error;
  const next =
    `somebody may have made a ${kind} whose resourceAllocation has no default, which ruins this list: delete it by its id ` +
    `(DELETE /${kind}s/ID, or in Airbyte's UI). Else look into the server's log; then run the command again, nothing is made twice.`;
  return new AirbyteError({ code, call, status, message, errorId, doing: `list ${kind}s`, next });
}
