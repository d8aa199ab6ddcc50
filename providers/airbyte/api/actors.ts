import { z } from "zod";
import type { ActorKind, CheckResult } from "./airbyte-api.ts";
import type { Client } from "./client.ts";
import { ask, ifOffered } from "./rpc.ts";
import { AirbyteError } from "./errors.ts";
import {
  DestinationDefinition,
  SourceDefinition,
  SpecificationAnswer,
  type Actor,
  type Definition,
  type JsonObject,
} from "./types.ts";

/** A source or destination of the config API in the public API's words. */
export function actorSchema(kind: ActorKind): z.ZodType<Actor> {
  return kind === "source" ? ConfigSource : ConfigDestination;
}

const actorFields = {
  name: z.string(),
  workspaceId: z.string(),
  connectionConfiguration: z.record(z.string(), z.any()).nullish(),
  resourceAllocation: z.record(z.string(), z.any()).nullish(),
  createdAt: z.number().nullish(),
};
const ConfigSource = z
  .looseObject({ sourceId: z.string(), sourceDefinitionId: z.string(), ...actorFields })
  .transform((read): Actor => ({ ...shared(read), id: read.sourceId, definitionId: read.sourceDefinitionId }));
export const ConfigDestination = z
  .looseObject({ destinationId: z.string(), destinationDefinitionId: z.string(), ...actorFields })
  .transform((read): Actor => ({
    ...shared(read),
    id: read.destinationId,
    definitionId: read.destinationDefinitionId,
  }));

function shared(read: z.infer<z.ZodObject<typeof actorFields>>) {
  const { name, workspaceId, connectionConfiguration, resourceAllocation, createdAt } = read;
  return { name, workspaceId, configuration: connectionConfiguration, resourceAllocation, createdAt };
}

/** The sources or destinations of a workspace, as the config API lists them. */
export async function* pagesOfActors(client: Client, kind: ActorKind, workspaceId: string): AsyncGenerator<Actor[]> {
  const schema = z.looseObject({ [`${kind}s`]: z.array(actorSchema(kind)) });
  const list = { schema, doing: `list ${kind}s` };
  const listed = async (call: string, body: object) => {
    return (await ask(client, `/${kind}s/${call}`, body, list, true))[`${kind}s`]!;
  };
  for (let rowOffset = 0; ; rowOffset += PAGE) {
    const body = { workspaceIds: [workspaceId], pagination: { pageSize: PAGE, rowOffset } };
    const page = await ifOffered(() => listed("list_paginated", body));
    // Servers without that call list everything; those in between a page of 20, unless they are asked for more.
    yield page ?? (await listed("list", { workspaceId, pageSize: 1000 }));
    if (!page || page.length < PAGE) return;
  }
}

const PAGE = 100;

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

// Only the config API tells of connectors and their specifications, so both dialects ask it.

export async function listDefinitions(client: Client, kind: ActorKind, workspaceId: string): Promise<Definition[]> {
  const definition: z.ZodType<Definition> = kind === "source" ? SourceDefinition : DestinationDefinition;
  const schema = z.looseObject({ [`${kind}Definitions`]: z.array(definition) });
  const call = { schema, doing: `list the ${kind} connectors` };
  const answer = await ask(client, `/${kind}_definitions/list_for_workspace`, { workspaceId }, call, true);
  return answer[`${kind}Definitions`]!;
}

/**
 * Airbyte's own connection test. Airbyte Cloud doesn't promise the API that has it: there a source is tested by
 * discovering its streams, and a destination not at all.
 */
export async function checkActor(
  client: Client,
  kind: ActorKind,
  id: string,
  name: string,
): Promise<CheckResult | undefined> {
  const doing = `test ${kind} ${JSON.stringify(name)}`;
  if (!client.hasConfigApi) {
    if (kind === "destination") return undefined;
    const call = { path: "/streams", query: { sourceId: id }, schema: z.array(z.unknown()), doing };
    const streams = await client.call({ method: "GET", runsConnector: true, ...call });
    return { succeeded: true, message: `${streams.length} streams discovered` };
  }
  const schema = z.looseObject({ status: z.string(), message: z.string().nullish() });
  const call = { schema, doing, runsConnector: true };
  const { status, message } = await ask(client, `/${kind}s/check_connection`, { [`${kind}Id`]: id }, call, true);
  return { succeeded: status === "succeeded", message: message ?? status };
}

export async function getSpecification(
  client: Client,
  kind: ActorKind,
  definitionId: string,
  workspaceId: string,
): Promise<JsonObject | undefined> {
  const body = { [`${kind}DefinitionId`]: definitionId, workspaceId };
  const call = { schema: SpecificationAnswer, doing: `read the specification of ${kind} connector ${definitionId}` };
  const answer = await ask(client, `/${kind}_definition_specifications/get`, body, call, true);
  return answer.connectionSpecification ?? undefined;
}

/** Sets a cron schedule in a time zone by the config API, whichever dialect the rest is spoken in. */
export async function scheduleInZone(
  client: Client,
  connectionId: string,
  name: string,
  cronExpression: string,
  cronTimeZone: string,
): Promise<void> {
  const schedule = { scheduleType: "cron", scheduleData: { cron: { cronExpression, cronTimeZone } } };
  const doing = `schedule connection ${JSON.stringify(name)} in the time zone ${cronTimeZone}`;
  await ask(client, "/connections/update", { connectionId, ...schedule }, { doing }, true);
}
