import { join } from "node:path";
import { foreground } from "../setup/process.mjs";
import { command } from "./command.ts";

export const fuzz = command({
  name: "fuzz",
  summary:
    "odd and hostile calls for both APIs of an embedded Airbyte of its own, by schemathesis, and texts for its page, in Chromium where there is one",
  details:
    "Fails at a 5xx that is no answer of Airbyte's, at no answer, at a server that ends, at what isn't JSON, at a stack trace, at lists that are broken afterwards, and at a text that the page runs.",
  options: {
    seconds: { default: "240", about: "the longest that the APIs are called" },
    examples: {
      default: "20",
      about:
        "calls of each operation, besides those at the edges of its schema; texts for the page, besides those that are known",
    },
    seed: { value: "NUMBER", about: "of a run before, to have it again" },
  },
  examples: ["npm run fuzz -- --seed 4711"],
  run: ({ projectDir, given }) =>
    foreground(process.execPath, [join(projectDir, "fuzz/fuzz.ts"), ...given], { cwd: projectDir }),
});
