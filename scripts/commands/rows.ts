import { command, stackOption } from "./command.ts";

export const rows = command({
  name: "rows",
  summary: "what has arrived in the destinations of the embedded Airbyte",
  details: "Counts, or the first rows of a stream.",
  args: { shown: "STREAM", most: 1 },
  options: stackOption("the stack whose embedded Airbyte it is"),
  examples: ["npm run rows", "npm run rows -- users"],
  run: async (call) => (await import("./rows/print.ts")).print(call),
});
