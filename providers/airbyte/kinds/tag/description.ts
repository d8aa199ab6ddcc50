import { showValue } from "../../../../errors/zod-issues.ts";
import { describeKind } from "../describe.ts";
import { anyText, common, onePlace, place, text } from "../fields.ts";

export const tagName = text.max(30, "a tag's name has at most 30 characters").describe("Name of the tag.");
export const color = anyText
  .regex(/^[0-9A-Fa-f]{6}$/, {
    error: ({ input }) => `expected six hexadecimal digits without #, such as 1F77B4; found ${showValue(input)}`,
  })
  .describe("Colour of the tag: six hexadecimal digits, without #.");

export const tag = describeKind({
  kind: "tag",
  title: "Tags for connections, by name.",
  about: "A tag, for the connections of its workspace.",
  fields: {
    name: {
      schema: tagName.optional().describe("Name of the tag. Default: the name of this entry."),
      filled: true,
    },
    color: { schema: color },
    ...place,
    ...common,
  },
  exclusive: [onePlace],
  hasUniqueName: "workspace",
});
