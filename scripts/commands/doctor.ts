import { command, stackOption } from "./command.ts";

export const doctor = command({
  name: "doctor",
  summary: "try this machine, the stack's settings and its Airbyte step by step, and say what to mend",
  details: "Changes nothing; starts the embedded Airbyte of a stack that has one. Exit code 1 if something is wrong.",
  options: stackOption("the stack that is looked at"),
  needsPulumi: true,
  run: async (call) => (await import("./doctor/machine.ts")).examineAll(call),
});
