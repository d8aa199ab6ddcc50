import { command, stackOption } from "./command.ts";

export const connect = command({
  name: "connect",
  summary: "let the stack NAME, which holds pipelines alone, live in the Airbyte of another stack",
  details:
    "Sets target, platform, workspace, certificate authority, client id and secret in its settings; makes the stack if there is none. Run it again after new credentials.",
  line: "-- --from STACK --stack NAME",
  options: {
    from: { value: "STACK", about: "the stack that owns the Airbyte" },
    ...stackOption("the stack of the pipelines"),
  },
  examples: ["npm run connect -- --from platform --stack sales"],
  needsPulumi: true,
  run: async (call) => (await import("./connect/credentials.ts")).connectStacks(call),
});
