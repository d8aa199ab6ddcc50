import { z } from "zod";
import { needsQuotes } from "../../../errors/zod-issues.ts";
import type { ExclusiveKeys, Field } from "./describe.ts";

// What the settings of several kinds are made of.

/** Any 8-4-4-4-12 id; Airbyte's own tests and seeds use ids that are no RFC 4122 UUIDs. */
export const id = z.guid();

/** A piece of text, which may be empty. A name such as 1234 is a number to YAML. */
export const anyText = z.string({
  error: ({ input }) =>
    typeof input === "number" || typeof input === "boolean" ? needsQuotes(String(input)) : undefined,
});

/** The same that isn't empty. */
export const text = anyText
  .min(1, { error: "the text is empty", abort: true })
  .refine((value) => value.trim() !== "", "the text is empty");

/** The same where it may be a secret: no message holds any of it. */
export const secretText = z
  .string({
    error: ({ input }) =>
      typeof input === "number" ? "expected text; found a number, which needs quotes to be text" : undefined,
  })
  .min(1, "the text is empty");

/** Airbyte keeps names in columns of 256 characters (varchar(256) in airbyte-platform's configs_database). */
const displayName = text
  .refine((name) => [...name].length <= 256, "a name in Airbyte has at most 256 characters")
  .meta({ maxLength: 256 })
  .optional()
  .describe("Name shown in Airbyte. Default: the name of this entry.");

/** The name of what can be renamed. */
export const name = { schema: displayName, filled: true } satisfies Field;

/** The same of what can't, with what a change takes along. */
export function fixedName(about: string) {
  return { schema: displayName.describe(about), filled: true, replaceOnChange: true } satisfies Field;
}

/** Where a declaration lives. */
export const place = {
  workspace: {
    schema: text.optional().describe("Name of an entry under `workspaces`, where it isn't the stack's own workspace."),
    refersTo: { kinds: ["workspace"], as: "workspaceId" },
    onlyInFiles: true,
  },
  workspaceId: {
    schema: id.optional().describe("The Airbyte workspace, where it is neither the stack's own nor declared here."),
    inPrograms: { type: "Reference", about: "The workspace, or its id. Default: the handle\'s." },
    filled: true,
    replaceOnChange: true,
  },
} satisfies Record<string, Field>;

export const onePlace: ExclusiveKeys = { keys: ["workspace", "workspaceId"] };

/** What every entry ends with. */
export const common = {
  adopt: {
    schema: z
      .union([z.boolean(), id])
      .optional()
      .describe("Takes over what exists instead of creating it: its id, or `true` for the only one of this name."),
    inPrograms: {
      about:
        "Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up` of the resource looks at it; its preview says what would change.",
    },
  },
  renamedFrom: {
    schema: z
      .union([text, z.array(text).min(1)], { error: "expected the name that the entry had before, or a list of them" })
      .transform((names) => (typeof names === "string" ? [names] : names))
      .optional()
      .describe(
        "The name that this entry had before, or all of them: what was made under it is kept, with its id and its sync state.",
      ),
    onlyInFiles: true,
  },
  protect: {
    schema: z
      .boolean()
      .optional()
      .describe(
        "Pulumi refuses to delete or replace it. Default: true in production for connections and what takes them along: destinations, connectors of one's own and workspaces.",
      ),
    onlyInFiles: true,
  },
} satisfies Record<string, Field>;
