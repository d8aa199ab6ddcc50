import { command, stackOption } from "./command.ts";

export const up = command({
  name: "up",
  summary: "set up what is missing, then create or change everything as declared",
  options: {
    ...stackOption(),
    yes: { about: "don't ask (on the embedded Airbyte nothing is asked anyway)" },
    "allow-unprotect": {
      value: "NAME",
      about: `delete this one although the stack's "production: true" or its own "protect: true" forbids it`,
    },
    diff: { about: "show a preview, field by field (elsewhere there is one without it too)" },
  },
  passesOn: "pulumi",
  examples: ["npm start", "npm start -- --stack prod --diff"],
  needsPulumi: true,
  run: async (call) => (await import("../stack/operation.ts")).operate("up", call),
});
