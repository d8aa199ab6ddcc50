// What this machine keeps for a stack follows it: its secrets, the provider's journal and the data of an embedded Airbyte lie in a folder
// with the stack's name, or where the setting `stateDir` says, and the state names that folder.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UserError } from "../../errors/user-error.ts";
import { exportState, importInto, readResources, resourcesOf, stackNames, type StateResource } from "./state.ts";
import { overlayFile, readSettings, trackedFile } from "./overlay.ts";
import { openStack, passphraseEnv, type OpenStack } from "./open-stack.ts";
import { say } from "../setup/messages.mjs";
import { backendFolder, shortName, stackFolder, type Project, type StackSettings } from "./project.ts";

type Env = NodeJS.ProcessEnv;
type Opened = Pick<OpenStack, "env" | "settings">;

const JOURNAL = "intents.jsonl";
const DATA = "embedded";

/**
 * Brings the folder of a renamed stack under its new name, also where plain Pulumi has renamed it. Before the stack is opened: its secrets
 * are in there. `renamedFrom` is known where the project's own command has renamed it; else its resources tell.
 */
export async function followName(
  project: Project,
  stack: string,
  settings: StackSettings,
  env: Env,
  renamedFrom?: string,
): Promise<void> {
  const name = shortName(stack);
  const place = join(project.dir, ".airbyte", name);
  if (backendFolder(project) && !resourcesOf(project, stack)) return leaveToOthers(project, place, name, env);
  const earlier = isLink(place)
    ? basename(leadsTo(place)) // a run was cut off before the state had the earlier name
    : (renamedFrom ?? (await earlierName(project, await resourcesBefore(project, stack, env), name, env)));
  if (earlier === undefined) return;
  const known = join(project.dir, ".airbyte", earlier);
  const [from, to] = [leadsTo(known), place];
  if (!isFolder(from) || from === to) return;
  if (isLink(to)) rmSync(to);
  const [old, now] = [join(from, `Pulumi.${basename(from)}.yaml`), overlayFile(project, stack)];
  if (existsSync(old)) {
    if (existsSync(now) && /\bsecure:/.test(readFileSync(now, "utf8"))) throw bothHaveSecrets(project, old, now);
    mkdirSync(to, { recursive: true, mode: 0o700 });
    renameSync(old, now);
  }
  if (stackFolder(project, stack, settings) === from) return; // stateDir says so, whatever the stack is called
  if (isFolder(join(from, DATA))) await moveData(join(from, DATA), join(to, DATA));
  for (const entry of readdirSync(from))
    if (!existsSync(join(to, entry))) renameSync(join(from, entry), join(to, entry));
  rmSync(from, { recursive: true });
  renameDeclarations(join(to, JOURNAL), name);
  if (isLink(known)) rmSync(known);
  symlinkSync(to, known); // until the state names the new place
  say(`The stack "${earlier}" is called "${name}" now: what this machine keeps for it is in .airbyte/${name}.`);
}

/** A new stack has a name that another one had: what that one keeps on this machine may still lie there. */
async function leaveToOthers(project: Project, place: string, name: string, env: Env): Promise<void> {
  if (!existsSync(place)) return;
  for (const other of await stackNames(project, env)) {
    if (declaredName(resourcesOf(project, other) ?? []) !== name) continue;
    throw new UserError(
      `There was a stack "${name}", which is called "${other}" now, and .airbyte/${name} has its secrets and data.`,
      { next: `npm run preview -- --stack ${other} brings them under its name; then run this again.` },
    );
  }
  if (isLink(place)) rmSync(place);
}

/**
 * Lets the state say what the stack is called; and, with `mayMove`, moves the data where `stateDir` says now. A run that is cut off in
 * between is taken up by the next one. Resolves with whether the state was changed.
 */
export async function followState(project: Project, stack: string, opened: Opened, mayMove: boolean): Promise<boolean> {
  const name = shortName(stack);
  // Elsewhere than on this machine a look at the state takes a second.
  const look = async () =>
    backendFolder(project) ? (resourcesOf(project, stack) ?? []) : readResources(project, opened);
  let resources = await look();
  const earlier = await earlierName(project, resources, name, opened.env);
  if (earlier !== undefined) {
    await renameInState(project, stack, opened, earlier, name);
    resources = await look();
  }
  const moved = mayMove && (await followStateDir(project, stack, opened, resources));
  return earlier !== undefined || moved;
}

async function followStateDir(
  project: Project,
  stack: string,
  opened: Opened,
  resources: readonly StateResource[],
): Promise<boolean> {
  const folder = stackFolder(project, stack, opened.settings);
  const server = resources.find((resource) => isServer(resource) && !resource.delete);
  if (!server) {
    const before = stackFolder(project, stack, recordedSettings(resources));
    moveJournal(join(leadsTo(before), JOURNAL), join(folder, JOURNAL));
    return false;
  }
  const named = resolve(project.dir, String(server.inputs?.dataDir));
  const there = leadsTo(named);
  const here = join(folder, DATA);
  if (named === here) return false;
  if (there !== here && isFolder(there)) await moveBoth(project, resources, there, here);
  if (!isFolder(here)) return false;
  const said = opened.settings.config?.[`${project.name}:stateDir`];
  const dataDir = join(typeof said === "string" && said !== "" ? said : join(".airbyte", shortName(stack)), DATA);
  await changeState(project, opened, (props, resource) => {
    if (isServer(resource) && !resource.delete) props.dataDir = dataDir;
  });
  return true;
}

/** Takes away what stood in for a folder of the stack that has moved, once a run has recorded the settings that lead to the new place. */
export function forgetPlaces(project: Project, stack: string, settings: StackSettings): void {
  const top = join(project.dir, ".airbyte");
  if (!isFolder(top)) return;
  const entries = readdirSync(top).map((name) => join(top, name));
  const inside = entries.filter(isFolder).flatMap((folder) => [join(folder, DATA), join(folder, JOURNAL)]);
  const own = [stackFolder(project, stack, settings), join(top, shortName(stack))];
  const leadsHere = (link: string) => own.some((folder) => `${leadsTo(link)}/`.startsWith(`${folder}/`));
  for (const link of [...entries, ...inside].filter(isLink)) if (leadsHere(link)) rmSync(link);
}

async function renameInState(
  project: Project,
  stack: string,
  opened: Opened,
  earlier: string,
  name: string,
): Promise<void> {
  const [from, to] = [join(".airbyte", earlier), join(".airbyte", name)];
  if (isFolder(join(project.dir, from))) return; // stateDir leads there
  renameDeclarations(join(stackFolder(project, stack, opened.settings), JOURNAL), name);
  renameDeclarations(join(project.dir, to, JOURNAL), name);
  await changeState(project, opened, (props) => {
    const { declaredAs, dataDir } = props;
    if (isText(declaredAs) && declaredAs.startsWith(`${earlier}/`))
      props.declaredAs = name + declaredAs.slice(earlier.length);
    if (isText(dataDir) && dataDir.startsWith(`${from}/`)) props.dataDir = to + dataDir.slice(from.length);
  });
  if (isLink(join(project.dir, from))) rmSync(join(project.dir, from));
}

async function changeState(
  project: Project,
  opened: Opened,
  change: (props: Record<string, unknown>, resource: StateResource) => void,
): Promise<void> {
  const state = await exportState(project, opened);
  for (const resource of state.deployment.resources ?? []) {
    for (const props of [resource.inputs, resource.outputs]) if (props) change(props, resource);
  }
  await importInto(project, opened, state);
}

/** `pulumi stack rename NEW`, and everything that goes by the name. Resolves with the exit code. */
export async function renameStack(
  project: Project,
  stack: string,
  args: readonly string[],
  env: Env,
  target: string,
  run: (args: readonly string[], env: Env) => Promise<number>,
): Promise<number> {
  if (!["embedded", "existing"].includes(target)) {
    throw new UserError(
      `On the target ${target} machines, containers or namespaces carry the stack's name, so it isn't renamed: they would be made anew.`,
      {
        next: `keep the name; or make a stack of the new one and move the pipelines there: npm run move -- --to NAME --stack ${stack}`,
      },
    );
  }
  const name = args.filter((arg) => !arg.startsWith("-"))[2];
  if (name !== undefined) refuseTakenName(project, name);
  const code = await run(args, { ...env, PULUMI_STACK: stack, ...passphraseEnv(project, env, false) });
  if (code !== 0 || name === undefined) return code;
  await followName(project, name, readSettings(trackedFile(project, name)), env, shortName(stack));
  await followState(project, name, await openStack(project, name, env, { create: false }), true);
  return 0;
}

/** What this machine keeps under the new name belongs to another stack, or to one that is gone, and would be mixed up with this one's. */
function refuseTakenName(project: Project, stack: string): void {
  const name = shortName(stack);
  const place = join(project.dir, ".airbyte", name);
  if (!isFolder(place) || ![JOURNAL, DATA, `Pulumi.${name}.yaml`].some((entry) => existsSync(join(place, entry))))
    return;
  throw new UserError(
    `.airbyte/${name} holds what this machine keeps for another stack of that name, or for one that is gone.`,
    { next: "choose another name, or move that folder away." },
  );
}

/** The setting as it was when the state was written last; the stack's whole configuration is an input of the provider. */
function recordedSettings(resources: readonly StateResource[]): StackSettings {
  const provider = resources.findLast(({ type }) => type === "pulumi:providers:pulumi-nodejs");
  return { config: provider?.inputs ?? {} };
}

/** Under which name the resources were declared. */
function declaredName(resources: readonly StateResource[]): string | undefined {
  const declared = resources.map(({ inputs }) => inputs?.declaredAs).find(isText);
  return declared?.split("/")[0];
}

/** That name, where it isn't the stack's, and no other stack has it. */
async function earlierName(
  project: Project,
  resources: readonly StateResource[],
  name: string,
  env: Env,
): Promise<string | undefined> {
  const earlier = declaredName(resources);
  if (earlier === undefined || earlier === name) return undefined;
  return (await stackNames(project, env)).map(shortName).includes(earlier) ? undefined : earlier;
}

/** Elsewhere than on this machine a look at the state takes a second: only where the stack's secrets aren't under its name. */
async function resourcesBefore(project: Project, stack: string, env: Env): Promise<StateResource[]> {
  if (backendFolder(project) || existsSync(overlayFile(project, stack))) return resourcesOf(project, stack) ?? [];
  return readResources(project, { env: { ...env, PULUMI_STACK: stack } }).catch(() => []);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isServer({ type }: StateResource): boolean {
  return type === "pulumi-nodejs:dynamic/airbyte:EmbeddedServer";
}

async function moveBoth(
  project: Project,
  resources: readonly StateResource[],
  from: string,
  to: string,
): Promise<void> {
  const { hasData, instanceIdOf } = await import("../../embedded/index.ts");
  if (isLink(to)) rmSync(to); // it leads back here
  const shown = (folder: string) => relative(project.dir, dirname(folder));
  const [shownFrom, shownTo] = [shown(from), shown(to)];
  if (hasData(to)) {
    // What an earlier version was about to replace, when the setting was put back.
    const replaced = resources.filter((resource) => isServer(resource) && resource.delete);
    if (!replaced.some(({ id }) => id === instanceIdOf(to))) {
      throw new UserError(
        `stateDir leads to ${shownTo}, where the data of another embedded Airbyte lie; those of this stack are in ${shownFrom}, and stay there.`,
        { next: "put stateDir back, or choose a folder without data." },
      );
    }
    await moveData(from, free(from));
    say(`${shownTo} has the data that this stack uses. Those in ${shownFrom} are put aside beside them.`);
    return;
  }
  await moveData(from, to);
  // A refresh uses the settings of the last run, which lead to the old place, until one has ended well.
  symlinkSync(to, from);
  moveJournal(join(dirname(from), JOURNAL), join(dirname(to), JOURNAL));
  say(`The data of the embedded Airbyte have moved from ${shownFrom} to ${shownTo}, where stateDir says now.`);
}

async function moveData(from: string, to: string): Promise<void> {
  const { moveStopped } = await import("../../embedded/index.ts");
  await moveStopped(from, to);
}

/** What the old one knows came before what the new one does. */
function moveJournal(from: string, to: string): void {
  if (from === to) return;
  if (isLink(to)) rmSync(to);
  if (!existsSync(from) || isLink(from)) return;
  replaceFile(to, readFileSync(from, "utf8") + (existsSync(to) ? readFileSync(to, "utf8") : ""));
  rmSync(from);
  symlinkSync(to, from);
}

/** A journal is one stack's, so all in it is declared under that one's name. */
function renameDeclarations(journal: string, name: string): void {
  if (!existsSync(journal)) return;
  const text = readFileSync(journal, "utf8");
  replaceFile(leadsTo(journal), text.replaceAll(/"declaredAs":"[^"/]*\//g, `"declaredAs":"${name}/`));
}

function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
}

function bothHaveSecrets(project: Project, old: string, now: string): UserError {
  const [before, after] = [relative(project.dir, old), relative(project.dir, now)];
  return new UserError(`The stack was renamed, and both ${before} and ${after} hold secrets of it.`, {
    next: `keep the one whose secrets are right, as ${after}, take the other away, and run the same command again.`,
  });
}

function free(path: string): string {
  for (let number = 1; ; number++) if (!existsSync(`${path}.unused-${number}`)) return `${path}.unused-${number}`;
}

function leadsTo(path: string): string {
  return isLink(path) ? leadsTo(readlinkSync(path)) : path;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
