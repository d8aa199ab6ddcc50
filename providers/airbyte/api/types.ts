import { z } from "zod";
import type { JsonObject } from "./words.ts";

export type { Json, JsonObject } from "./words.ts";

// What this project reads of Airbyte's answers, and no more: other fields and unknown enum values pass, because both
// come with every release of Airbyte.

const JsonObjectSchema = z.record(z.string(), z.any()) as unknown as z.ZodType<JsonObject>;

export const TokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
});

export const Workspace = z.looseObject({ workspaceId: z.string(), name: z.string().optional() });
export type Workspace = z.infer<typeof Workspace>;

const actorFields = {
  name: z.string(),
  workspaceId: z.string(),
  definitionId: z.string(),
  /** null, or left out, once the source or destination is deleted. */
  configuration: JsonObjectSchema.nullish(),
  resourceAllocation: JsonObjectSchema.nullish(),
  /** Epoch seconds. */
  createdAt: z.number().nullish(),
};

/** A source or a destination, as both dialects of the API describe it. */
export interface Actor {
  id: string;
  name: string;
  workspaceId: string;
  definitionId: string;
  configuration?: JsonObject | null | undefined;
  resourceAllocation?: JsonObject | null | undefined;
  createdAt?: number | null | undefined;
}

export const SourceAnswer = z
  .looseObject({ sourceId: z.string(), ...actorFields })
  .transform(({ sourceId, ...rest }): Actor => ({ ...rest, id: sourceId }));
export const DestinationAnswer = z
  .looseObject({ destinationId: z.string(), ...actorFields })
  .transform(({ destinationId, ...rest }): Actor => ({ ...rest, id: destinationId }));

export const Schedule = z.looseObject({ scheduleType: z.string(), cronExpression: z.string().nullish() });

export const Stream = z.looseObject({
  name: z.string(),
  namespace: z.string().nullish(),
  syncMode: z.string().nullish(),
  cursorField: z.array(z.string()).nullish(),
  primaryKey: z.array(z.array(z.string())).nullish(),
  selectedFields: z.array(z.looseObject({ fieldPath: z.array(z.string()) })).nullish(),
  mappers: z.array(JsonObjectSchema).nullish(),
});
export type Stream = z.infer<typeof Stream>;

export const Tag = z.looseObject({ tagId: z.string(), name: z.string(), color: z.string(), workspaceId: z.string() });

export const Connection = z.looseObject({
  connectionId: z.string(),
  name: z.string(),
  sourceId: z.string(),
  destinationId: z.string(),
  workspaceId: z.string(),
  status: z.string(),
  schedule: Schedule.nullish(),
  namespaceDefinition: z.string().nullish(),
  namespaceFormat: z.string().nullish(),
  prefix: z.string().nullish(),
  nonBreakingSchemaUpdatesBehavior: z.string().nullish(),
  configurations: z.looseObject({ streams: z.array(Stream).nullish() }).nullish(),
  tags: z.array(Tag).nullish(),
  createdAt: z.number().nullish(),
});
export type Connection = z.infer<typeof Connection>;

/** A deleted source or destination still answers 200, without its configuration. */
export function unlessGone(actor: Actor | undefined): Actor | undefined {
  return actor?.configuration ? actor : undefined;
}

/** A deleted connection still answers 200, as deprecated. */
export function unlessDeprecated<T extends { status?: string | null | undefined }>(connection?: T): T | undefined {
  return connection?.status === "deprecated" ? undefined : connection;
}

/** A connector that an Airbyte knows (config API). */
const definitionFields = {
  name: z.string(),
  dockerRepository: z.string().nullish(),
  dockerImageTag: z.string().nullish(),
  custom: z.boolean().nullish(),
};
export interface Definition {
  id: string;
  name: string;
  dockerRepository?: string | null | undefined;
  dockerImageTag?: string | null | undefined;
  /** Whether somebody added it, and it is none of Airbyte's. */
  custom?: boolean | null | undefined;
}
export const SourceDefinition = z
  .looseObject({ sourceDefinitionId: z.string(), ...definitionFields })
  .transform(({ sourceDefinitionId, ...rest }): Definition => ({ ...rest, id: sourceDefinitionId }));
export const DestinationDefinition = z
  .looseObject({ destinationDefinitionId: z.string(), ...definitionFields })
  .transform(({ destinationDefinitionId, ...rest }): Definition => ({ ...rest, id: destinationDefinitionId }));

export const SpecificationAnswer = z.looseObject({ connectionSpecification: JsonObjectSchema.nullish() });

/** A stream that a source offers (`GET /streams`). */
export const DiscoveredStream = z.looseObject({
  streamName: z.string(),
  /** Written in lower case by Airbyte. */
  streamnamespace: z.string().nullish(),
  /** What source and destination can do together; null where no destination was named. */
  syncModes: z.array(z.string()).nullish(),
  defaultCursorField: z.array(z.string()).nullish(),
  sourceDefinedCursorField: z.boolean().nullish(),
  sourceDefinedPrimaryKey: z.array(z.array(z.string())).nullish(),
  /** Paths of all fields, nested ones too. */
  propertyFields: z.array(z.array(z.string())).nullish(),
  /** Only the embedded Airbyte says it: the connector is played, and a real one may offer other streams. */
  simulated: z.boolean().nullish(),
});
export type DiscoveredStream = z.infer<typeof DiscoveredStream>;

/** A job: one run of a connection. */
export interface Job {
  id: number;
  /** `sync`; or what empties the tables: reset, clear, refresh (the older API has longer words for some). */
  type: string;
  /** Airbyte's words: pending, queued, running, incomplete (between two attempts), succeeded, failed, cancelled. */
  status: string;
  rows: number;
  bytes: number;
}
