import { existsSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import { load } from "../../declaration/load.ts";
import { References } from "../../declaration/references.ts";
import { stackOption } from "../../errors/commands.ts";
import type { JsonObject } from "../../providers/airbyte/api/types.ts";
import { UserError } from "../../errors/user-error.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { lookUp, valuesOf, type StackFacts } from "../stack-values.ts";
import { chooseConnectors, KINDS, readSpecifications, type Wanted } from "./connectors.ts";
import { declarations } from "./declarations.ts";

const NONE = "none";

type Stack = Omit<StackFacts, "fillsSecrets">;

/** Writes the file and says what is in it. Resolves with the exit code. */
export async function writeTypes(stack: Stack, wanted: Omit<Wanted, "declared">, file: string): Promise<number> {
  const shown = lookUp(stack);
  const get = (key: string) => (shown(key) === "" ? undefined : shown(key)); // What was emptied isn't set.
  const url = (get("target") === "existing" ? get("url") : undefined) ?? stack.keptUrl;
  if (url === undefined) {
    const option = stackOption(stack.stack);
    throw new UserError(
      `The stack ${stack.stack} has no Airbyte yet, which knows the connectors: npm start${option && ` --${option}`}`,
    );
  }
  const asked = await new Session(new Access({ get })).airbyte({ airbyteUrl: url, declaredAs: `${stack.stack}/types` });
  const workspaceId = get("workspaceId") ?? stack.keptWorkspaceId ?? (await asked.api.listWorkspaces())[0]?.workspaceId;
  if (workspaceId === undefined) throw new UserError(`The Airbyte at ${url} shows no workspace to this application.`);

  const declared = declaredIn(get("pipelines") ?? "pipelines.yaml", stack);
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
  const { sources, destinations } = load(process.cwd(), pipelines, new References(values, (parts) => parts.join("")));
  const used = { source: Object.values(sources), destination: Object.values(destinations) };
  return KINDS.flatMap((kind) => used[kind].map(({ connector, definitionId }) => ({ kind, connector, definitionId })));
}
