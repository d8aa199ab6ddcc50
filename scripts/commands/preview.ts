import { command, stackOption } from "./command.ts";

export const preview = command({
  name: "preview",
  summary: "show what npm start would change",
  details:
    "Changes nothing. Needs a stack, which npm start makes. Before the first npm start it fills missing secrets of the sample pipelines with placeholders.",
  options: { ...stackOption(), diff: { about: "field by field" } },
  passesOn: "pulumi",
  needsPulumi: true,
  run: async (call) => (await import("../stack/operation.ts")).operate("preview", call),
});
