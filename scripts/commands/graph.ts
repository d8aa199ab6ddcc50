import { command, stackOption } from "./command.ts";

export const graph = command({
  name: "graph",
  summary: "the pipelines of a stack as a Mermaid flowchart, from its state",
  details: "With -s npm itself prints nothing.",
  options: {
    markdown: { about: "as a block of Markdown, for a README or a pull request" },
    out: { value: "FILE", about: "into a file" },
    ...stackOption("the stack"),
  },
  examples: ["npm run -s graph -- --out docs/pipelines.mmd"],
  needsPulumi: true,
  run: async (call) => (await import("./graph/flowchart.ts")).draw(call),
});
