import { z } from "zod";
import { fileSchema, type Declared } from "../providers/airbyte/kinds/describe.ts";
import { descriptionOf, type descriptions } from "../providers/airbyte/kinds/descriptions.ts";
import { ofEachSection, type KindName, type Section } from "../providers/airbyte/kinds/names.ts";

/** The schema of each section's entries. */
export const entries = ofEachSection((section) => fileSchema(descriptionOf(section)));

/** Complete declarations (defaults merged in, references resolved) by section, as their schemas give them. */
export type Declarations = {
  [K in KindName as Section<K>]: Record<string, Declared<(typeof descriptions)[K]["fields"]>>;
};

/** A declaration's defaults: any of its keys. Used as a check of its own, so that a mistake is reported where it was made. */
export const defaults = ofEachSection((section) => entries[section].partial() as z.ZodObject);

const forEach = z
  .array(z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown())]))
  .describe(
    "Makes one copy of this entry for every item. ${each} (a value) or ${each.key} (of a map) stands for the item, in the entry's name too.",
  );

/** Entries as they are written, where anything may come from `defaults`. */
function written(section: Section) {
  const entry = defaults[section].extend({ forEach: forEach.optional() });
  return z
    .record(z.string(), entry.describe(descriptionOf(section).about))
    .nullable()
    .optional()
    .describe(descriptionOf(section).title);
}

/** The whole file as an editor sees it, before templates, defaults and references. Only the JSON Schema is made from it. */
export const writtenFile = z
  .strictObject({
    defaults: z
      .strictObject(
        ofEachSection((section) => defaults[section].optional().describe(`Under every one of the ${section}.`)),
      )
      .nullable()
      .optional()
      .describe(
        "Put under every declaration of a kind: maps are merged, everything else is replaced by what the declaration says.",
      ),
    ...ofEachSection(written),
  })
  .describe("What Airbyte has, as code: sources, destinations, connections, and what they need.");
