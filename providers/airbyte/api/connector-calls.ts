import { z } from "zod";
import type { ActorKind, CheckResult } from "./airbyte-api.ts";
import type { Client } from "./client.ts";
import { ask } from "./rpc.ts";
import { WAIT } from "./waits.ts";
import {
  DestinationDefinition,
  SourceDefinition,
  SpecificationAnswer,
  type Definition,
  type JsonObject,
} from "./types.ts";

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
  const atLeastMs = WAIT.call.runsConnectorMs;
  if (!client.hasConfigApi) {
    if (kind === "destination") return undefined;
    const call = { path: "/streams", query: { sourceId: id }, schema: z.array(z.unknown()), doing, atLeastMs };
    const streams = await client.call({ method: "GET", ...call });
    return { succeeded: true, message: `${streams.length} streams discovered` };
  }
  const schema = z.looseObject({ status: z.string(), message: z.string().nullish() });
  const call = { schema, doing, atLeastMs };
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
