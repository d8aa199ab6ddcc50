// What would be taken over, and what the stack has already.
import { join } from "node:path";
import { collect } from "../../../declaration/entries.ts";
import { readFiles } from "../../../declaration/files.ts";
import { Mistakes } from "../../../declaration/mistakes.ts";
import { UserError } from "../../../errors/user-error.ts";
import { classNameOf, kindOf, ofEachSection, sections, type Section } from "../../../providers/airbyte/kinds/names.ts";
import { Session } from "../../../providers/airbyte/session.ts";
import { accessTo, addressOf, noAirbyte, openAirbyte, workspaceOf, type Known } from "../../stack/airbyte.ts";
import { airbyteType, declaredName, type StateResource } from "../../stack/state.ts";
import { declareAll } from "./declare.ts";
import { folderOf, moduleFile, outputFile, requireFree, textsOf } from "./files.ts";
import {
  chooseWorkspaces,
  notAskedFor,
  takeInventory,
  tellOtherStacks,
  withoutOthers,
  workspaces,
} from "./inventory.ts";
import { Secrets } from "./making.ts";
import { giveNames, Names, type Declared, type Found } from "./model.ts";
import { readTerraformState } from "./tfstate.ts";

/** The stack as the command has found it, with the settings that it is about to get. */
interface Facts extends Known {
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

  const unasked = terraform ? undefined : notAskedFor(also);
  if (unasked !== undefined) remarks.add(unasked);
  const intents = new Session(accessTo(facts)).intents(entry);
  tellOtherStacks(
    isNew,
    (id) => intents.heldElsewhere(id),
    (line) => remarks.add(line),
  );

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
      ...lostOnes(
        terraform?.names,
        wanted.map(({ id }) => id),
      ),
    ],
  };
}

function lostOnes(names: ReadonlyMap<string, string> | undefined, found: readonly string[]): string[] {
  const lost = [...(names ?? [])].filter(([id]) => !found.includes(id));
  return lost.map(
    ([id, name]) =>
      `${name} (${id}) of the Terraform state is not in this Airbyte (or in another workspace) and is left out.`,
  );
}

function sectionOfResource(resource: StateResource): Section | undefined {
  const type = airbyteType(resource);
  return sections.find((section) => classNameOf(kindOf(section)) === type);
}

/** The workspace that the stack has found and kept. */
function keptWorkspace(resources: readonly StateResource[]): string | undefined {
  return resources.find((resource) => airbyteType(resource) === "DefaultWorkspace")?.id;
}

/** What the stack has, by the names in the program. */
function namesInState(resources: readonly StateResource[]): Names {
  const names = new Names();
  for (const resource of resources) {
    const kind = sectionOfResource(resource);
    if (kind !== undefined && resource.id !== undefined && !resource.external) {
      names.set(kind, resource.id, declaredName(resource));
    }
  }
  return names;
}

/**
 * Tells which names are in use: those of the state, and those of files that stay.
 *
 * @throws UserError where the file that is written declares what the state has: without it there, that would be deleted
 */
function namesInUse(
  resources: readonly StateResource[],
  main: string,
  file: string,
): (kind: Section, name: string) => boolean {
  const used = ofEachSection(() => new Set<string>());
  for (const resource of resources) {
    const kind = sectionOfResource(resource);
    if (kind !== undefined) used[kind].add(declaredName(resource));
  }
  const mistakes = new Mistakes(); // The program itself reports them.
  const { entries } = collect(readFiles(process.cwd(), main, mistakes), mistakes);
  const ofAll = sections.flatMap((kind) => [...entries[kind].values()]);
  const lost = ofAll.filter(({ section, name, file: { file: place } }) => place === file && used[section].has(name));
  if (lost.length > 0) {
    const names = lost.slice(0, 5).map(({ name }) => name);
    throw new UserError(
      `${file} declares what this stack has (${names.join(", ")}${lost.length > names.length ? ", …" : ""}), so it isn't replaced.`,
      { next: `--out ${join(folderOf(main), "adopted.yaml")} for all that it hasn't yet.` },
    );
  }
  const stays = new Set(
    ofAll.filter((entry) => entry.file.file !== file).map(({ section, name }) => `${section} ${name}`),
  );
  return (kind, name) => used[kind].has(name) || stays.has(`${kind} ${name}`);
}
