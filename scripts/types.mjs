// npm run types: TypeScript types of connectors' configurations, from the specifications that the stack's Airbyte has.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { explaining } from "./explaining.mjs";
import { parseOptions, wrongOption } from "./options.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { readProject } from "./setup/project.mjs";
import { openStack } from "./setup/stack.mjs";
import { StopError } from "./setup/stop.mjs";
import { stackFacts } from "./stack-facts.mjs";

/** Resolves with the exit code. */
export async function types(projectDir, givenArgs, env) {
  const project = readProject(projectDir, env);
  const { stack, args } = parsePulumiArgs(givenArgs, env);
  const { out, ...wanted } = readOptions(args);
  // npm changes into the project; what somebody names is seen from where they are.
  const file = out === undefined ? resolve(projectDir, "connectors.d.ts") : resolve(env.INIT_CWD ?? projectDir, out);
  if (!existsSync(dirname(file))) throw new StopError(`There is no folder ${dirname(file)} to write into.`, 2);
  process.chdir(projectDir); // paths in the settings are relative to the project
  const opened = await openStack(project, stack, env, { create: false });
  const facts = await stackFacts(project, stack, opened);

  process.env.PULUMI_STACK = stack; // for the commands that messages name
  const { writeTypes } = await import("./types/write.ts");
  return explaining(() => writeTypes(facts, wanted, file));
}

function readOptions(args) {
  const options = { connectors: { type: "string", multiple: true }, all: { type: "boolean" }, out: { type: "string" } };
  const { connectors = [], all = false, out } = parseOptions("types", args, options);
  if (out !== undefined && !out.endsWith(".ts")) {
    throw wrongOption("types", `--out ${JSON.stringify(out)} must end in .ts, as in connectors.d.ts`);
  }
  const named = connectors.flatMap((list) => list.split(",")).map((name) => name.trim());
  return { out, all, named: named.filter(Boolean) };
}
