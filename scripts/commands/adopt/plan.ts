import type { Section } from "../../../providers/airbyte/kinds/names.ts";
import { accessTo, addressOf, noAirbyte, openAirbyte, workspaceOf, type Known } from "../../stack/airbyte.ts";
import type { StateResource } from "../../stack/state-resources.ts";
import { declareAll } from "./declare.ts";
import { takeInventory, withoutOthers, workspaces } from "./inventory.ts";
import type { Declared, Found } from "./model.ts";
import { keptWorkspace, namesInState, namesInUse } from "./in-use.ts";
import { giveNames, type Names } from "./names.ts";
import { moduleFile, outputFile, requireFree } from "./output-file.ts";
import { Secrets } from "./secrets.ts";
import { textsOf } from "./text.ts";
import { readTerraformState } from "./tfstate.ts";
import { chooseWorkspaces } from "./workspaces.ts";

/** The stack as the command has found it, with the settings that it is about to get. */
export interface Facts extends Known {
  /** By key, secrets in plain: nothing of this may be shown. */
  config: Record<string, string>;
  resources: readonly StateResource[];
}

export interface AdoptOptions {
  out?: string | undefined;
  force: boolean;
  /** Whether the stack's state gets what is taken over. */
  state: boolean;
  workspaces: readonly string[];
  also: readonly Section[];
  tfstate?: string | undefined;
  typescript: boolean;
}

export interface Plan {
  declared: Declared;
  names: Names;
  /** The main one, relative to the project. */
  file: string;
  /** All that are written. */
  files: string[];
  /** The stack's own workspace, where it must be told. */
  workspaceId?: string | undefined;
  /** How many objects the stack has already. */
  managed: number;
  remarks: string[];
}

/** Reads an Airbyte, and declares what the stack doesn't have yet. */
export async function makePlan(facts: Facts, options: AdoptOptions): Promise<Plan> {
  const { config } = facts;
  const remarks = new Set<string>();
  const main = config.pipelines ?? "pipelines.yaml";
  const file = options.typescript
    ? moduleFile(process.cwd(), options)
    : outputFile(process.cwd(), { ...options, main, mustBeRead: options.state });
  const isTaken = namesInUse(facts.resources, main, file);
  const terraform = options.tfstate === undefined ? undefined : readTerraformState(options.tfstate);
  for (const address of terraform?.unknown ?? [])
    remarks.add(`${address} of the Terraform state has no counterpart here.`);

  const url = addressOf(facts);
  const entry = { airbyteUrl: url ?? "", declaredAs: `${facts.stack}/adopt` };
  if (url === undefined || accessTo(facts).isDataGone(entry))
    throw noAirbyte(facts.stack, "or the one to take over: --url ADDRESS");
  const airbyte = await openAirbyte(facts, url);
  const names = namesInState(facts.resources);
  const asked = options.workspaces.length > 0 ? options.workspaces : (terraform?.workspaceIds ?? []);
  const kept = workspaceOf(facts) ?? keptWorkspace(facts.resources);
  const there = await airbyte.api.listWorkspaces();
  const chosen = chooseWorkspaces(there, asked, kept);
  const hasOthers = there.some(({ workspaceId }) => !chosen.read.includes(workspaceId));

  const also = terraform?.kinds.has("permissions") ? [...options.also, "permissions" as const] : options.also;
  const { clientId: ownClientId } = await accessTo(facts).enter(entry);
  const scope = { workspaceIds: chosen.read, also, ownClientId };
  const inventory = await takeInventory(airbyte, scope, (line) => remarks.add(line));
  const others = terraform ? [...terraform.names.keys()] : chosen.read.filter((id) => id !== chosen.stack);
  const all = [...(await workspaces(airbyte, others)), ...inventory];
  const isOurs = ({ kind, id }: Found) => names.of(kind, id) !== undefined;
  const wanted = terraform
    ? all.filter(({ id }) => terraform.names.has(id))
    : withoutOthers(all, { isOurs, hasOthers }, (line) => remarks.add(line));
  const isNew = wanted.filter((found) => !isOurs(found));

  giveNames(isNew, names, isTaken, terraform?.names);
  const making = {
    airbyte,
    names,
    stackWorkspaceId: chosen.stack,
    secrets: new Secrets(Object.keys(config)),
    known: terraform?.configurations ?? new Map(),
  };
  const declared = await declareAll(isNew, making);
  const texts = textsOf({ declared, names, file }, { adopt: true, unknownSecrets: "stored" });
  const files = texts.map((text) => text.file);
  if (!options.force) requireFree(process.cwd(), files.slice(1));
  return {
    declared,
    names,
    file,
    files,
    ...(chosen.mustBeSet ? { workspaceId: chosen.stack } : {}),
    managed: wanted.length - isNew.length,
    remarks: [
      ...remarks,
      ...missing(
        terraform?.names,
        wanted.map(({ id }) => id),
      ),
    ],
  };
}

function missing(names: ReadonlyMap<string, string> | undefined, found: readonly string[]): string[] {
  const lost = [...(names ?? [])].filter(([id]) => !found.includes(id));
  return lost.map(
    ([id, name]) =>
      `${name} (${id}) of the Terraform state is not in this Airbyte (or in another workspace) and is left out.`,
  );
}
