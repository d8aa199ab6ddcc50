import { z } from "zod";
import type { ActorKind } from "./airbyte-api.ts";
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
