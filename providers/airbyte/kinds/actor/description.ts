import { z } from "zod";
import { describeKind, type ExclusiveKeys, type Fields } from "../describe.ts";
import { common, id, name, onePlace, place, secretText, text } from "../fields.ts";

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

/** Sources and destinations differ in little but the name. */
const actor = {
  connector: {
    schema: text
      .optional()
      .describe(
        "The connector's name, such as `postgres`, as this Airbyte has it (its own before one that somebody added); or give `definitionId`.",
      ),
  },
  definition: {
    schema: text
      .optional()
      .describe("In place of the connector's name: a connector that is declared here, by the name of its entry."),
    onlyInFiles: true,
  },
  definitionId: {
    schema: id.optional().describe("Id of the connector's definition in Airbyte, in place of its name."),
    replaceOnChange: true,
  },
  name,
  configuration: {
    schema: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        "The connector's settings, as its documentation lists them. Secrets as `${secret:NAME}`; `${stored}` keeps the secret that Airbyte has.",
      ),
    inputs: z.record(z.string(), z.unknown()),
    secret: true,
  },
  ...place,
  resourceAllocation: { schema: resourceAllocation.optional() },
  adopt: common.adopt,
  check: {
    schema: z
      .boolean()
      .optional()
      .describe("Runs Airbyte's own connection test after each creation and change. Default: false."),
  },
  protect: common.protect,
} satisfies Fields;

const exclusive: readonly ExclusiveKeys[] = [
  onePlace,
  {
    keys: ["connector", "definition", "definitionId"],
    needed: "the connector's name, such as postgres, its definitionId, or as definition one that is declared here",
    isCompleted: true,
  },
];

export const source = describeKind({
  kind: "source",
  title: "Where data come from, by name.",
  about: "A source: where data come from.",
  fields: {
    ...actor,
    definition: {
      ...actor.definition,
      refersTo: { kinds: ["source-definition", "declarative-source-definition"], as: "definitionId" },
    },
    secretId: {
      schema: secretText.optional().describe("Id of the secret that an OAuth consent flow (`initiateOAuth`) gave."),
      secret: true,
    },
  },
  exclusive,
});

export const destination = describeKind({
  kind: "destination",
  title: "Where data go to, by name.",
  about: "A destination: where data go to.",
  fields: {
    ...actor,
    definition: { ...actor.definition, refersTo: { kinds: ["destination-definition"], as: "definitionId" } },
  },
  exclusive,
  protectedInProduction: true,
});
