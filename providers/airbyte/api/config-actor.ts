import { z } from "zod";
import type { ActorKind } from "./airbyte-api.ts";
import type { Client } from "./client.ts";
import { ask, ifOffered } from "./rpc.ts";
import type { Actor } from "./types.ts";

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
