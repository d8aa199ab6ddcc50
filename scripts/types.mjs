// npm run types: TypeScript types of connectors' configurations, from the specifications that the stack's Airbyte has.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
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

  const { writeTypes } = await import("./types/write.ts");
  try {
    return await writeTypes(facts, wanted, file);
  } catch (error) {
    throw isExplained(error) ? new StopError(error.message) : error;
  }
}

/** The provider's errors, and those of the pipelines' files, explain themselves. */
function isExplained(error) {
  return ["ExplainedError", "AirbyteError", "ConfigurationError"].includes(error?.constructor?.name);
}

function readOptions(args) {
  const options = { connectors: { type: "string", multiple: true }, all: { type: "boolean" }, out: { type: "string" } };
  try {
    const { values } = parseArgs({ args, options });
    if (values.out !== undefined && !/\.ts$/.test(values.out)) {
      throw new Error(`--out ${JSON.stringify(values.out)} must end in .ts, as in connectors.d.ts`);
    }
    const named = (values.connectors ?? []).flatMap((list) => list.split(",")).map((name) => name.trim());
    return { out: values.out, all: values.all ?? false, named: named.filter(Boolean) };
  } catch (error) {
    throw new StopError(`${error.message.split(". ")[0]}. npm run types -- --help tells more.`, 2);
  }
}
