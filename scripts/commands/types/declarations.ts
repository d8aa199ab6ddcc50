import { compile } from "json-schema-to-typescript";
import { format } from "prettier";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { JsonObject } from "../../../providers/airbyte/api/types.ts";
import { typable } from "./typable.ts";

/** JSON Schemas of configurations, by the connectors' names. */
export type Specifications = Record<ActorKind, Record<string, JsonObject>>;

/**
 * A module that gives the resource classes the types of these connectors' configurations.
 *
 * @param origin where the specifications come from, for the file's first line
 */
export async function declarations(specifications: Specifications, origin: string): Promise<string> {
  const sources = await configurations("SourceConfigurations", specifications.source);
  const destinations = await configurations("DestinationConfigurations", specifications.destination);
  const text = `/* eslint-disable */
// Types of connectors' configurations, as ${origin.replaceAll(/\s+/g, " ")} has them: written by npm run types, and not by hand.
export {}; // so that this is a module, and adds to the other one

declare module "airbyte-on-pulumi" {
${sources}
${destinations}
}
`;
  return format(text, { parser: "typescript", printWidth: 120 });
}

function configurations(name: string, schemas: Record<string, JsonObject>): Promise<string> {
  const properties = Object.entries(schemas)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([connector, schema]) => [connector, typable(schema)] as const);
  const all = {
    type: "object" as const,
    properties: Object.fromEntries(properties),
    required: properties.map(([connector]) => connector),
    additionalProperties: false,
  };
  return compile(all, name, {
    bannerComment: "",
    format: false,
    ignoreMinAndMaxItems: true, // else lists of up to so many would become unions of tuples
    $refOptions: { resolve: { external: false } }, // no specification makes this machine read a file or an address
  });
}
