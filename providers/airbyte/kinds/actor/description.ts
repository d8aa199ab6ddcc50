import { z } from "zod";
import { describeKind, type ExclusiveKeys, type Fields } from "../describe.ts";
import { common, id, name, onePlace, place, secretText, text } from "../fields.ts";
import { bytes, cpu } from "./quantities.ts";

const resources = z
  .strictObject({
    cpu_request: cpu.optional().describe("CPU the job asks for, such as `0.5`."),
    cpu_limit: cpu.optional().describe("CPU the job may use at most, such as `2`."),
    memory_request: bytes.optional().describe("Memory the job asks for, such as `512Mi`."),
    memory_limit: bytes.optional().describe("Memory the job may use at most, such as `2Gi`."),
    ephemeral_storage_request: bytes.optional().describe("Disk the job asks for, such as `1Gi`."),
    ephemeral_storage_limit: bytes.optional().describe("Disk the job may use at most, such as `5Gi`."),
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
        "The connector's name, such as `postgres`, as this Airbyte has it (its own before one that somebody added); or give `definitionId`. A change replaces it, and the connections that use it.",
      ),
    inPrograms: { type: "pulumi.Input<Connector>" },
  },
  definition: {
    schema: text
      .optional()
      .describe("In place of the connector's name: a connector that is declared here, by the name of its entry."),
    onlyInFiles: true,
  },
  definitionId: {
    schema: id.optional().describe("Id of the connector's definition in Airbyte, in place of its name."),
    inPrograms: { type: "Reference", about: "In place of the name: the connector's id, or a definition of one's own." },
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
    inPrograms: {
      about:
        "The connector's own settings, as its documentation names them. Values that the connector's specification marks as secret become Pulumi secrets by themselves; `\"${stored}\"` keeps the secret that Airbyte has. An editor completes and checks them where their types have been written (`npm run types`).",
    },
    secret: true,
  },
  ...place,
  resourceAllocation: {
    schema: resourceAllocation.optional(),
    inPrograms: {
      type: "pulumi.Input<Record<string, unknown>>",
      about:
        'CPU, memory and disk of its jobs, self-managed Airbyte only: `{default: {cpu_limit: "1", …}, jobSpecific: […]}`. Default: Airbyte\'s.',
    },
  },
  adopt: common.adopt,
  check: {
    schema: z
      .boolean()
      .optional()
      .describe(
        "Runs Airbyte's own connection test right after each creation and change, and fails with the connector's message; what was made is kept. On Airbyte Cloud a source is tested by discovering its streams. Default: false.",
      ),
  },
  renamedFrom: common.renamedFrom,
  protect: common.protect,
} satisfies Fields;

/** In programs of the connector's own type, where a program has one. */
function configurationOf(known: "SourceConfigurations" | "DestinationConfigurations") {
  const { inPrograms, ...field } = actor.configuration;
  return { ...field, inPrograms: { ...inPrograms, type: `ConfigurationOf<${known}, Connector>` } };
}

const TYPE_PARAMETERS = "Connector extends string = string";

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
    configuration: configurationOf("SourceConfigurations"),
    secretId: {
      schema: secretText
        .optional()
        .describe(
          "Id of the secret that an OAuth consent flow (`initiateOAuth`) gave, in place of credentials in `configuration`.",
        ),
      secret: true,
    },
  },
  typeParameters: TYPE_PARAMETERS,
  exclusive,
});

export const destination = describeKind({
  kind: "destination",
  title: "Where data go to, by name.",
  about: "A destination: where data go to.",
  fields: {
    ...actor,
    definition: { ...actor.definition, refersTo: { kinds: ["destination-definition"], as: "definitionId" } },
    configuration: configurationOf("DestinationConfigurations"),
  },
  typeParameters: TYPE_PARAMETERS,
  exclusive,
  protectedInProduction: true,
});
