import { command, stackOption } from "./command.ts";

export const refresh = command({
  name: "refresh",
  summary: "compare with what is really there, and take changes made by hand into the state",
  options: { ...stackOption(), "preview-only": { about: "show the differences only" } },
  passesOn: "pulumi",
  needsPulumi: true,
  run: async (call) => (await import("../stack/operation.ts")).operate("refresh", call),
});
