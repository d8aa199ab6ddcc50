import { command, stackOption } from "./command.ts";

export const types = command({
  name: "types",
  summary: `write TypeScript types of connectors' configurations, with which an editor completes and checks new Source("x", { connector, configuration })`,
  details:
    "They come from the specifications that the stack's Airbyte has: of the connectors that its workspace and the files of the pipelines use, and of those that you name. docs/types.md tells more.",
  options: {
    connectors: {
      value: "LIST",
      several: true,
      about: "more connectors: postgres,google-sheets; or source-postgres, where only the source is meant",
    },
    all: { about: "every connector that this Airbyte has; takes seconds for each" },
    out: { value: "FILE", about: "where to write (default: connectors.d.ts in the project)" },
    ...stackOption("the stack whose Airbyte is asked"),
  },
  examples: [
    "npm run types -- --connectors postgres,mysql",
    "npm run types -- --out ../our-infrastructure/connectors.d.ts",
  ],
  needsPulumi: true,
  run: async (call) => (await import("./types/write.ts")).writeTypesOf(call),
});
