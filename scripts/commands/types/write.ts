// npm run types: of which connectors, and into which file.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { load } from "../../../declaration/load.ts";
import { References } from "../../../declaration/references.ts";
import { UserError } from "../../../errors/user-error.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { JsonObject } from "../../../providers/airbyte/api/types.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { openAirbyte, workspaceIn } from "../../stack/airbyte.ts";
import { openStack } from "../../stack/open-stack.ts";
import { readProject } from "../../stack/project.ts";
import { setting, stackFacts, valuesOf, type StackFacts } from "../../stack/stack-facts.ts";
import { mistake } from "../command-line.ts";
import type { Call } from "../command.ts";
import type { Used } from "../doctor/server.ts";
import { declarations, type Specifications } from "./declarations.ts";

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
  if (!existsSync(dirname(file)))
    throw new UserError(`There is no folder ${dirname(file)} to write into.`, { exitCode: 2 });
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

/** A connector of an Airbyte. */
interface Connector {
  kind: ActorKind;
  id: string;
  name: string;
}

/** Which connectors are wanted. */
interface Wanted {
  /** As `--connectors` has them: `postgres`, which may be a source, a destination or both, or `source-postgres`. */
  named: readonly string[];
  /** Those of the pipelines' files, by name or id. */
  declared: readonly Omit<Used, "name">[];
  /** All that there are. */
  all: boolean;
}

type Asked = Pick<Context, "api" | "connectors">;

const KINDS = ["source", "destination"] as const;

/** So many specifications are asked for at a time: Airbyte starts a container for each that it doesn't remember. */
const AT_A_TIME = 4;

/** The connectors that are wanted, and those that sources and destinations of the workspace use. */
async function chooseConnectors(asked: Asked, workspaceId: string, wanted: Wanted): Promise<Connector[]> {
  const ids = await idsOf(asked, workspaceId, wanted);
  const chosen = new Map<string, Connector>();
  for (const kind of KINDS) {
    for (const { definitionId } of await asked.api.listActors(kind, workspaceId)) ids.add(definitionId);
    for (const { id, name } of await asked.connectors.all(kind, workspaceId)) {
      // Of two by the same name a declaration can't choose by that name either.
      const isNew = !chosen.has(`${kind} ${name}`);
      if (isNew && (wanted.all || ids.has(id))) chosen.set(`${kind} ${name}`, { kind, id, name });
    }
  }
  return [...chosen.values()];
}

/** Of what is named and declared. An error tells of every name that this Airbyte has no connector by. */
async function idsOf({ connectors }: Asked, workspaceId: string, { named, declared }: Wanted): Promise<Set<string>> {
  const names = [
    ...named.map((name) => ({ name, kinds: kindsIn(name) })),
    ...declared.flatMap(({ kind, connector }) => (connector === undefined ? [] : { name: connector, kinds: [kind] })),
  ];
  const answers = await Promise.all(
    names.map(({ name, kinds }) => Promise.all(kinds.map((kind) => connectors.resolve(kind, name, workspaceId)))),
  );
  const unknown = answers.filter((found) => !found.some((one) => "id" in one)).flat();
  const mistakes = unknown.flatMap((one) => ("mistake" in one ? one.mistake.text : []));
  if (mistakes.length > 0) throw new UserError([...new Set(mistakes)].join("\n"));
  const given = declared.flatMap(({ definitionId }) => definitionId ?? []);
  return new Set([...given, ...answers.flat().flatMap((one) => ("id" in one ? one.id : []))]);
}

/** `source-postgres` says which it is; `postgres` may be either. */
function kindsIn(name: string): readonly ActorKind[] {
  const said = KINDS.filter((kind) => name.startsWith(`${kind}-`));
  return said.length > 0 ? said : KINDS;
}

/** Asks for the specifications. `without` are those that have none, or for which Airbyte gave an error instead. */
async function readSpecifications(
  { connectors }: Asked,
  workspaceId: string,
  chosen: readonly Connector[],
  progress: (done: number) => void,
): Promise<{ specifications: Specifications; without: string[] }> {
  const specifications: Specifications = { source: {}, destination: {} };
  const without: string[] = [];
  let done = 0;
  const left = [...chosen];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { kind, id, name } = next;
      try {
        const found = await connectors.specification(kind, id, workspaceId);
        if (found) specifications[kind][name] = found.schema;
        else without.push(`${kind} ${name}: it has no specification`);
      } catch (error) {
        without.push(
          `${kind} ${name}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`,
        );
      }
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { specifications, without: without.sort() };
}
