import { command, stackOption } from "./command.ts";

export const destroy = command({
  name: "destroy",
  summary: "remove everything that npm start created",
  details: "On the targets aws and kubernetes the volumes with Airbyte's data stay, and are named at the end.",
  options: {
    ...stackOption(),
    "destroy-data": { about: "on the targets aws and kubernetes: remove the data too" },
    "allow-unprotect": {
      value: "NAME",
      about: `remove this one although the stack's "production: true" or its own "protect: true" forbids it`,
    },
    yes: { about: "don't ask" },
  },
  passesOn: "pulumi",
  needsPulumi: true,
  run: async (call) => (await import("../stack/operation.ts")).operate("destroy", call),
});
