import { z } from "zod";
import { ofEachKind, type Kind } from "./kinds.ts";
import { destination, source } from "../providers/airbyte/kinds/actor/description.ts";
import { connection } from "../providers/airbyte/kinds/connection/description.ts";
import { application, declarativeSourceDefinition, definition, permission, tag, workspace } from "./schema-object.ts";

/** The schema of each kind's declarations. */
export const kinds = {
  workspaces: workspace,
  tags: tag,
  sourceDefinitions: definition,
  destinationDefinitions: definition,
  declarativeSourceDefinitions: declarativeSourceDefinition,
  sources: source,
  destinations: destination,
  connections: connection,
  permissions: permission,
  applications: application,
} satisfies Record<Kind, z.ZodObject>;

/** A complete declaration (defaults merged in, references resolved), as the kind's schema gives it. */
export type Declaration<K extends Kind> = z.output<(typeof kinds)[K]>;

/** A declaration's defaults: any of its keys. Used as a check of its own, so that a mistake is reported where it was made. */
export const defaults = ofEachKind((kind) => kinds[kind].partial() as z.ZodObject);

const titles: Record<Kind, string> = {
  workspaces: "Workspaces beside the stack's own, by name.",
  tags: "Tags for connections, by name.",
  sourceDefinitions: "Source connectors of one's own as Docker images, by name.",
  destinationDefinitions: "Destination connectors of one's own as Docker images, by name.",
  declarativeSourceDefinitions: "Source connectors of one's own as low-code manifests, by name.",
  sources: "Where data come from, by name.",
  destinations: "Where data go to, by name.",
  connections: "Which streams go where, and when, by name.",
  permissions: "Who may do what, by name.",
  applications: "Credentials for programs that use Airbyte's API, by name.",
};

const forEach = z
  .array(z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown())]))
  .describe(
    "Makes one copy of this entry for every item. ${each} (a value) or ${each.key} (of a map) stands for the item, in the entry's name too.",
  );

/** Entries as they are written, where anything may come from `defaults`. */
function written(kind: Kind) {
  const entry = defaults[kind].extend({ forEach: forEach.optional() });
  return z
    .record(z.string(), entry.describe(kinds[kind].description ?? ""))
    .nullable()
    .optional()
    .describe(titles[kind]);
}

/** The whole file as an editor sees it, before templates, defaults and references. Only the JSON Schema is made from it. */
export const writtenFile = z
  .strictObject({
    defaults: z
      .strictObject(ofEachKind((kind) => defaults[kind].optional().describe(`Under every one of the ${kind}.`)))
      .nullable()
      .optional()
      .describe(
        "Put under every declaration of a kind: maps are merged, everything else is replaced by what the declaration says.",
      ),
    ...ofEachKind(written),
  })
  .describe("What Airbyte has, as code: sources, destinations, connections, and what they need.");
