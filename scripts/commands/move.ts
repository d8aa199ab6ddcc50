import { command, stackOption } from "./command.ts";

export const move = command({
  name: "move",
  summary: "make the pipelines of a stack in the Airbyte of another stack of this project",
  details:
    "From a trial to the real thing. Says beforehand what stands in the way; the first stack is left as it is. docs/move.md tells more.",
  line: "-- --to STACK [--stack NAME]",
  options: {
    to: { value: "STACK", about: "the other stack, with a target and settings of its own" },
    ...stackOption("the stack whose pipelines they are"),
    check: { about: "say what would be done, and what stands in the way; change nothing" },
    "with-secrets": { about: "carry the secrets over that the pipelines name and the other stack lacks" },
    "with-state": { about: "carry every sync state over, also where the tables may not be the same" },
    "without-state": { about: "carry none over: everything is synced again" },
    paused: { about: "leave the connections of the other stack paused" },
    yes: { about: "don't ask" },
  },
  examples: [
    "npm run pulumi -- stack init prod --no-select",
    "npm run pulumi -- config set target existing --stack prod",
    "npm run move -- --to prod --check",
    "npm run move -- --to prod",
  ],
  needsPulumi: true,
  run: async (call) => (await import("./move/carry-out.ts")).movePipelines(call),
});
