import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { load } from "../../../declaration/load.ts";
import { References } from "../../../declaration/references.ts";
import type { JsonObject } from "../../../providers/airbyte/api/types.ts";
import { UserError } from "../../../errors/user-error.ts";
import { StopError } from "../../setup/stop.mjs";
import { openAirbyte, workspaceIn } from "../../stack/airbyte.ts";
import { openStack } from "../../stack/open-stack.ts";
import { readProject } from "../../stack/project.ts";
import { setting, stackFacts, valuesOf, type StackFacts } from "../../stack/stack-facts.ts";
import { mistake } from "../command-line.ts";
import type { Call } from "../command.ts";
import { chooseConnectors, KINDS, readSpecifications, type Wanted } from "./choose.ts";
import { declarations } from "./declarations.ts";

const NONE = "none";

type Stack = Omit<StackFacts, "fillsSecrets">;

/** The command's options as they are given. */
interface Given {
  connectors: string[];
  all: boolean;
  out: string | undefined;
}

/** Resolves with the exit code. */
export async function writeTypesOf({ projectDir, stack, options, env }: Call<Given>): Promise<number> {
  const project = readProject(projectDir, env);
  const { out, all, connectors } = options;
  if (out !== undefined && !out.endsWith(".ts")) {
    throw mistake("types", `--out ${JSON.stringify(out)} must end in .ts, as in connectors.d.ts`);
  }
  // npm changes into the project; what somebody names is seen from where they are.
  const file = out === undefined ? resolve(projectDir, "connectors.d.ts") : resolve(env.INIT_CWD ?? projectDir, out);
  if (!existsSync(dirname(file))) throw new StopError(`There is no folder ${dirname(file)} to write into.`, 2);
  process.chdir(projectDir); // paths in the settings are relative to the project
  const opened = await openStack(project, stack, env, { create: false });
  const facts = await stackFacts(project, stack, opened);

  process.env.PULUMI_STACK = stack; // for the commands that messages name
  const named = connectors.flatMap((list) => list.split(",")).map((name) => name.trim());
  return writeTypes(facts, { all, named: named.filter(Boolean) }, file);
}

/** Writes the file and says what is in it. Resolves with the exit code. */
export async function writeTypes(stack: Stack, wanted: Omit<Wanted, "declared">, file: string): Promise<number> {
  const asked = await openAirbyte(stack);
  const workspaceId = await workspaceIn(stack, asked);
  if (workspaceId === undefined)
    throw new UserError(`The Airbyte at ${asked.url} shows no workspace to this application.`);

  const declared = declaredIn(setting(stack, "pipelines") ?? "pipelines.yaml", stack);
  const chosen = await chooseConnectors(asked, workspaceId, { ...wanted, declared });
  if (chosen.length === 0) {
    throw new UserError("No connector is in use yet; name some: npm run types -- --connectors postgres,faker");
  }
  const { specifications, without } = await readSpecifications(asked, workspaceId, chosen, (done) => {
    if (done % 10 === 0 && done < chosen.length) console.log(`  … ${done} of ${chosen.length} connectors`);
  });
  for (const why of without) console.log(`left out: ${why}`);
  const [sources, destinations] = [namesOf(specifications.source), namesOf(specifications.destination)];
  if (sources === NONE && destinations === NONE) {
    throw new UserError("None of these connectors has a specification, so nothing is written.");
  }
  await writeFileAtomic(file, await declarations(specifications, `the Airbyte of the stack ${stack.stack}`));
  console.log(`sources: ${sources}; destinations: ${destinations}`);
  console.log(`${file} is written. It counts in programs whose tsconfig.json includes it.`);
  return 0;
}

function namesOf(specifications: Record<string, JsonObject>): string {
  return Object.keys(specifications).sort().join(", ") || NONE;
}

/** The connectors of the pipelines' files. A program of classes alone has no such file. */
function declaredIn(pipelines: string, stack: Stack): Wanted["declared"] {
  if (!existsSync(pipelines)) return [];
  // Whether secrets are set doesn't matter here, and no value gets into the types.
  const values = { ...valuesOf(stack), secret: () => "" };
  const references = new References(values, (parts) => parts.join(""));
  const { declarations, mistakes } = load(process.cwd(), pipelines, references);
  mistakes.throwIfAny();
  const { sources, destinations } = declarations;
  const used = { source: Object.values(sources), destination: Object.values(destinations) };
  return KINDS.flatMap((kind) => used[kind].map(({ connector, definitionId }) => ({ kind, connector, definitionId })));
}
