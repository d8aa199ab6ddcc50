import { command } from "./command.ts";

export const makePackage = command({
  name: "package",
  summary: "make the npm package that a Pulumi program of your own imports, dist/airbyte-on-pulumi-VERSION.tgz",
  details: "docs/package.md tells how to use it.",
  options: {},
  run: async (call) => (await import("./package/pack.ts")).pack(call),
});
