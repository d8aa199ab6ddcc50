import { z } from "zod";
import { describeKind } from "../describe.ts";
import { common, fixedName, onePlace, place, text } from "../fields.ts";

export const declarativeSourceDefinition = describeKind({
  kind: "declarative-source-definition",
  title: "Source connectors of one's own as low-code manifests, by name.",
  about: "A source connector of one's own, described by a low-code manifest.",
  fields: {
    name: fixedName(
      "Name shown in Airbyte; a change replaces the connector and all made with it. Default: the name of this entry.",
    ),
    manifest: {
      schema: z
        .record(z.string(), z.unknown())
        .optional()
        .describe("The low-code manifest, as the connector builder exports it; or give `manifestFile`."),
    },
    manifestFile: {
      schema: text
        .optional()
        .describe("A file with the manifest (YAML or JSON), relative to this one. `${…}` in it stays as it is."),
      onlyInFiles: true,
    },
    ...place,
    ...common,
  },
  exclusive: [
    onePlace,
    {
      keys: ["manifest", "manifestFile"],
      needed: "the low-code manifest, or in manifestFile the path of its file",
    },
  ],
  across: ({ manifest }) => {
    if (typeof manifest !== "object" || manifest === null) return [];
    const { version, spec } = manifest as Record<string, unknown>;
    const isText = version === undefined || typeof version === "string";
    const hasSpec = (typeof spec === "object" && spec !== null) || typeof spec === "string";
    return [
      ...(isText
        ? []
        : [{ path: ["manifest", "version"], text: `expected a text such as "6.48.0", found ${foundIn(version)}` }]),
      ...(hasSpec
        ? []
        : [
            {
              path: ["manifest", "spec"],
              text: "is missing; it tells which settings the connector's sources have",
            },
          ]),
    ];
  },
  protectedInProduction: true,
  lostByReplacement: "its sources are replaced too, and their connections lose their sync state",
});

// YAML reads 6.5 as a number, and the connector's runner would refuse the whole manifest.
function foundIn(version: unknown): string {
  if (typeof version === "number") return "a number: put it in quotes";
  return Array.isArray(version) ? "a list" : typeof version;
}
