import { z } from "zod";
import type { ActorKind, CheckResult } from "./airbyte-api.ts";
import { DISCOVER_TIMEOUT_MS } from "./call.ts";
import type { Client } from "./client.ts";
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
  const answer = await client.call({
    method: "POST",
    api: "config",
    path: `/${kind}_definitions/list_for_workspace`,
    body: { workspaceId },
    schema: z.looseObject({ [`${kind}Definitions`]: z.array(definition) }),
    doing: `list the ${kind} connectors`,
    repeatable: true,
  });
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
  const shared = { doing, repeatable: true, timeoutMs: DISCOVER_TIMEOUT_MS };
  if (!client.hasConfigApi) {
    if (kind === "destination") return undefined;
    const schema = z.array(z.unknown());
    const streams = await client.call({ method: "GET", path: "/streams", query: { sourceId: id }, schema, ...shared });
    return { succeeded: true, message: `${streams.length} streams discovered` };
  }
  const { status, message } = await client.call({
    method: "POST",
    api: "config",
    path: `/${kind}s/check_connection`,
    body: { [`${kind}Id`]: id },
    schema: z.looseObject({ status: z.string(), message: z.string().nullish() }),
    ...shared,
  });
  return { succeeded: status === "succeeded", message: message ?? status };
}

export async function getSpecification(
  client: Client,
  kind: ActorKind,
  definitionId: string,
  workspaceId: string,
): Promise<JsonObject | undefined> {
  const answer = await client.call({
    method: "POST",
    api: "config",
    path: `/${kind}_definition_specifications/get`,
    body: { [`${kind}DefinitionId`]: definitionId, workspaceId },
    schema: SpecificationAnswer,
    doing: `read the specification of ${kind} connector ${definitionId}`,
    repeatable: true,
  });
  return answer.connectionSpecification ?? undefined;
}
