import { resolve } from "node:path";
import type { JsonObject } from "../json.ts";
import type { Connector } from "./connector.ts";
import { jsonLines } from "./json-lines.ts";
import { localFile } from "./local-files.ts";
import { databaseDestination } from "./python/database.ts";
import type { WriterPool } from "./python/writer-pool.ts";

/** What is real of a destination. */
export interface RealDestination extends Pick<Connector, "check" | "warm"> {
  write: NonNullable<Connector["write"]>;
  rows: NonNullable<Connector["rows"]>;
}

/** Text, or the default where there is none. */
function text(value: JsonObject[string] | undefined, otherwise: string): string {
  return typeof value === "string" && value.trim() !== "" ? value : otherwise;
}

/**
 * The destinations that are written for real, by the API's name of them.
 *
 * @param localFolder Airbyte's local destinations write below `/local`, which is this folder here, and nowhere else.
 */
export function realDestinations(pool: WriterPool, localFolder: string): Record<string, RealDestination> {
  const local = resolve(localFolder);
  const located = (configuration: JsonObject): JsonObject => {
    return { ...configuration, destination_path: localFile(local, text(configuration.destination_path, "")) };
  };
  return {
    postgres: databaseDestination({ kind: "postgres", pool, schema: ({ schema }) => text(schema, "public") }),
    duckdb: databaseDestination({
      kind: "duckdb",
      pool,
      located,
      schema: ({ schema }) => text(schema, "main"),
      // Only one process at a time can write into the file.
      exclusive: ({ destination_path: path }) => text(path, ""),
    }),
    "local-json": jsonLines(({ destination_path: path }, name) => localFile(local, `${text(path, ".")}/${name}`)),
  };
}
