import { z } from "zod";
import { lengthOf } from "../../../../declaration/limits.ts";

/** Any 8-4-4-4-12 id; Airbyte's own tests and seeds use ids that are no RFC 4122 UUIDs. */
export const id = z.guid();

/** A piece of text that isn't empty. A name such as 1234 is a number to YAML. */
export const text = z
  .string({
    error: ({ input }) =>
      typeof input === "number" || typeof input === "boolean"
        ? `expected text; found ${input}, which needs quotes to be text: "${input}"`
        : undefined,
  })
  .min(1, "the text is empty");

/** The same where it may be a secret: no message holds any of it. */
export const secretText = z
  .string({
    error: ({ input }) =>
      typeof input === "number" ? "expected text; found a number, which needs quotes to be text" : undefined,
  })
  .min(1, "the text is empty");

/** Airbyte keeps names in columns of 256 characters (varchar(256) in airbyte-platform's configs_database). */
export const displayName = text
  .refine((name) => lengthOf(name) <= 256, "a name in Airbyte has at most 256 characters")
  .meta({ maxLength: 256 })
  .optional()
  .describe("Name shown in Airbyte. Default: the name of this entry.");

export const protect = z
  .boolean()
  .optional()
  .describe(
    "Pulumi refuses to delete or replace it. Default: true in production for connections and what takes them along: destinations, connectors of one's own and workspaces.",
  );

/** Where a declaration lives. */
export const place = {
  workspace: text.optional().describe("Name of an entry under `workspaces`, where it isn't the stack's own workspace."),
  workspaceId: id.optional().describe("The Airbyte workspace, where it is neither the stack's own nor declared here."),
};

const resources = z
  .strictObject({
    cpu_request: text.optional().describe("CPU the job asks for, such as `0.5`."),
    cpu_limit: text.optional().describe("CPU the job may use at most, such as `2`."),
    memory_request: text.optional().describe("Memory the job asks for, such as `512Mi`."),
    memory_limit: text.optional().describe("Memory the job may use at most, such as `2Gi`."),
    ephemeral_storage_request: text.optional().describe("Disk the job asks for, such as `1Gi`."),
    ephemeral_storage_limit: text.optional().describe("Disk the job may use at most, such as `5Gi`."),
  })
  .describe("Resources of a job; keys and values as Kubernetes knows them.");

const resourceAllocation = z
  .strictObject({
    default: resources.optional().describe("Resources of every job of this connector."),
    jobSpecific: z
      .array(
        z.strictObject({
          jobType: z
            .enum([
              "get_spec",
              "check_connection",
              "discover_schema",
              "sync",
              "reset_connection",
              "connection_updater",
              "replicate",
            ])
            .describe("The kind of job."),
          resourceRequirements: resources,
        }),
      )
      .optional()
      .describe("Resources of one kind of job."),
  })
  .describe("CPU, memory and disk of the connector's jobs. Self-managed Airbyte only; Airbyte Cloud refuses it.");

export const adopt = z
  .union([z.boolean(), id])
  .optional()
  .describe("Takes over what exists instead of creating it: its id, or `true` for the only one of this name.");

const actor = {
  connector: text
    .optional()
    .describe(
      "The connector's name, such as `postgres`, as this Airbyte has it (its own before one that somebody added); or give `definitionId`.",
    ),
  definition: text
    .optional()
    .describe("In place of the connector's name: a connector that is declared here, by the name of its entry."),
  definitionId: id.optional().describe("Id of the connector's definition in Airbyte, in place of its name."),
  name: displayName,
  configuration: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      "The connector's settings, as its documentation lists them. Secrets as `${secret:NAME}`; `${stored}` keeps the secret that Airbyte has.",
    ),
  ...place,
  resourceAllocation: resourceAllocation.optional(),
  adopt,
  check: z
    .boolean()
    .optional()
    .describe("Runs Airbyte's own connection test after each creation and change. Default: false."),
  protect,
};

export const source = z
  .strictObject({
    ...actor,
    secretId: secretText.optional().describe("Id of the secret that an OAuth consent flow (`initiateOAuth`) gave."),
  })
  .describe("A source: where data come from.");

export const destination = z.strictObject(actor).describe("A destination: where data go to.");
