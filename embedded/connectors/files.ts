import { simulatedDestination } from "./simulated.ts";

/** A database in one file, or MotherDuck. */
export const duckDb = simulatedDestination({
  definitionId: "94bd199c-2ff0-4aa2-b98e-17f0acb72610",
  name: "DuckDB",
  type: "duckdb",
  dockerRepository: "airbyte/destination-duckdb",
  version: "0.1.0",
  connectionSpecification: {
    type: "object",
    title: "DuckDB destination",
    required: ["destination_path"],
    additionalProperties: true,
    properties: {
      motherduck_api_key: { type: "string", title: "MotherDuck access token", airbyte_secret: true, order: 0 },
      destination_path: {
        type: "string",
        title: "File of the database",
        description: "A path of this machine, or md:NAME for MotherDuck",
        order: 1,
      },
      schema: { type: "string", title: "Schema", default: "main", order: 2 },
    },
  },
});

/** JSON lines: one file per stream. */
export const localJson = simulatedDestination({
  definitionId: "a625d593-bba5-4a1c-a53d-2d246268a816",
  name: "Local JSON",
  type: "local-json",
  dockerRepository: "airbyte/destination-local-json",
  version: "0.2.11",
  supportedDestinationSyncModes: ["overwrite", "append"],
  connectionSpecification: {
    type: "object",
    title: "Local JSON destination",
    required: ["destination_path"],
    additionalProperties: true,
    properties: { destination_path: { type: "string", title: "Folder of the files" } },
  },
});
