import { command, stackOption } from "./command.ts";

export const pulumi = command({
  name: "pulumi",
  summary: "any pulumi command, on the project's stack and with the same set-up",
  args: { shown: "ARGS…", least: 1 },
  line: "-- ARGS…",
  options: stackOption(),
  passesOn: "pulumi",
  examples: [
    ["npm run pulumi -- config set --secret NAME", "asks for the value, or reads it from stdin"],
    "npm run pulumi -- stack output --json",
    ["npm run pulumi -- help", "pulumi's own help"],
  ],
  needsPulumi: true,
  run: async ({ projectDir, given, env }) => (await import("../stack/operation.ts")).pulumi(projectDir, given, env),
});
