import { command, stackOption } from "./command.ts";

export const open = command({
  name: "open",
  summary: "print a link to the page of the embedded Airbyte, and open it in a browser where there is one",
  details:
    "The page shows pipelines, settings, jobs and rows, and starts syncs. The link is good once, for five minutes.",
  options: {
    ...stackOption("the stack whose embedded Airbyte it is"),
    "no-browser": { about: "only print the link" },
  },
  run: async (call) => (await import("./open/page.ts")).openPage(call),
});
