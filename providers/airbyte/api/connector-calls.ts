import { z } from "zod";
import type { ActorKind } from "./airbyte-api.ts";
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
