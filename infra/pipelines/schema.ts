import { z } from "zod";
import { destination, source } from "./schema-actor.ts";
import type { Kind } from "./kinds.ts";
import { connection } from "./schema-connection.ts";

/** The schema of each kind's declarations. */
export const kinds = { sources: source, destinations: destination, connections: connection } satisfies Record<
  Kind,
  z.ZodObject
>;

/** A complete declaration (defaults merged in, references resolved), as the kind's schema gives it. */
export type Declaration<K extends Kind> = z.output<(typeof kinds)[K]>;

/** A declaration's defaults: any of its keys. Used as a check of its own, so that a mistake is reported where it was made. */
export const defaults = {
  sources: source.partial(),
  destinations: destination.partial(),
  connections: connection.partial(),
};

const forEach = z
  .array(z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown())]))
  .describe(
    "Makes one copy of this entry for every item. ${each} (a value) or ${each.key} (of a map) stands for the item, in the entry's name too.",
  );

/** Entries as they are written, where anything may come from `defaults`. */
function written(declaration: z.ZodObject, title: string) {
  const entry = declaration.partial().extend({ forEach: forEach.optional() });
  return z
    .record(z.string(), entry.describe(declaration.description ?? ""))
    .nullable()
    .optional()
    .describe(title);
}

/** The whole file as an editor sees it, before templates, defaults and references. Only the JSON Schema is made from it. */
export const writtenFile = z
  .strictObject({
    defaults: z
      .strictObject({
        sources: defaults.sources.optional().describe("Under every source."),
        destinations: defaults.destinations.optional().describe("Under every destination."),
        connections: defaults.connections.optional().describe("Under every connection."),
      })
      .nullable()
      .optional()
      .describe(
        "Put under every declaration of a kind: maps are merged, everything else is replaced by what the declaration says.",
      ),
    sources: written(source, "Where data come from, by name."),
    destinations: written(destination, "Where data go to, by name."),
    connections: written(connection, "Which streams go where, and when, by name."),
  })
  .describe("Airbyte's sources, destinations and connections, as code.");
