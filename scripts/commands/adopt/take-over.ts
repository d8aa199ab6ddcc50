// npm run adopt: what lives in an Airbyte already becomes code, and the stack's own, without a write to Airbyte.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { onOneLine, stackOption, UserError } from "../../../errors/user-error.ts";
import { singular, type Section } from "../../../providers/airbyte/kinds/names.ts";
import { filesUndone, textsOf, type Undone } from "./files.ts";
import { newSettings, readOptions, type Given, type Wanted } from "./options.ts";
import { computeState, importState, isAsBefore, noteInJournal, readState } from "./state.ts";
import { lockedProblem, withoutPlugins } from "../../stack/operation.ts";
import { setConfig } from "../../stack/config.ts";
import { overlayFile, trackedFile } from "../../stack/overlay.ts";
import { say } from "../../setup/messages.mjs";
import { readProject, stackFolder, type Project } from "../../stack/project.ts";
import { lostPassphrase, openStack, type OpenStack } from "../../stack/open-stack.ts";
import type { ExportedState } from "../../stack/state.ts";
import { stackFacts, type StackFacts } from "../../stack/stack-facts.ts";
import type { Call } from "../command.ts";
import type { Declared } from "./model.ts";
import { makePlan, type Plan } from "./plan.ts";
import type { Form } from "./yaml.ts";

/** What is under way. */
interface Run {
  project: Project;
  stack: string;
  options: Wanted;
  /** What the stack's settings get. */
  settings: Record<string, string>;
  plan: Plan;
  /** The stack's state as it was. */
  before: ExportedState;
  files: Undone;
}

/** Resolves with the exit code. Whatever fails leaves files, settings and state as they were. */
export async function takeOver({ projectDir, stack, options: given, env }: Call<Given>): Promise<number> {
  const project = readProject(projectDir, env);
  process.chdir(projectDir); // paths in the settings are relative to the project
  const options = readOptions(given);
  const lost = lostPassphrase(project, stack, env);
  if (lost) throw new UserError(lost);
  const create = options.url !== undefined || existsSync(trackedFile(project, stack));
  const opened = await openStack(project, stack, env, { create });
  const locked = lockedProblem(project, stack);
  if (locked) throw new UserError(locked);
  if (existsSync(join(stackFolder(project, stack, opened.settings), "unfinished-run"))) {
    throw new UserError("A run of this stack was cut off.", { next: "npm start, then adopt again." });
  }
  const before = await readState(project, opened);
  const found = await stackFacts(project, stack, opened);
  const values = valuesByKey(project, found);
  const resources = before.deployment.resources ?? [];
  const settings = newSettings(options, values, resources, stack, env);
  const plan = await makePlan(
    { ...withSettings(found, settings), config: { ...values, ...settings }, resources },
    options,
  );
  if (plan.workspaceId !== undefined) settings.workspaceId = plan.workspaceId;
  for (const remark of plan.remarks) say(remark);
  if (plan.managed > 0) say(`${plan.managed} of what is there the stack has already: left as it is.`);
  const { declared } = plan;
  if (declared.entries.length === 0) {
    say("There is nothing to take over, so nothing was written.");
    tellLeftOut(declared);
    return 0;
  }

  const files = filesUndone([trackedFile(project, stack), overlayFile(project, stack), ...plan.files]);
  const run: Run = { project, stack, options, settings, plan, before, files };
  const now = await files.orRestored(() => prepare(run, opened, env));
  if (options.state) await putIntoState(run, now);
  else files.keep();
  tell(declared, plan, options, stack);
  return 0;
}

/** The stack's configuration, secrets in plain; what was emptied isn't set. */
function valuesByKey(project: Project, { values }: StackFacts): Record<string, string> {
  const own = `${project.name}:`;
  const set = Object.entries(values).flatMap(([key, { value }]): [string, string][] => {
    return value ? [[key.startsWith(own) ? key.slice(own.length) : key, value]] : [];
  });
  return Object.fromEntries(set);
}

/** The stack as it will be with these settings. */
function withSettings(facts: StackFacts, settings: Record<string, string>): StackFacts {
  const added = Object.entries(settings).map(([key, value]) => {
    return [`${facts.project}:${key}`, { value, secret: key === "clientSecret" }] as const;
  });
  return { ...facts, values: { ...facts.values, ...Object.fromEntries(added) } };
}

/** Settings, secrets and the file as the state needs them. Resolves with the stack as it is then. */
async function prepare(
  { project, stack, options, settings, plan, files }: Run,
  opened: OpenStack,
  env: NodeJS.ProcessEnv,
): Promise<OpenStack> {
  for (const [key, value] of Object.entries(settings)) {
    await setConfig(project, opened, key, value, key === "clientSecret");
  }
  for (const { name, value } of plan.declared.secrets) {
    if (value !== undefined) await setConfig(project, opened, name, value, true);
  }
  const asked = options.askSecrets && !options.state;
  writeFiles(files, plan, options, { adopt: true, unknownSecrets: asked ? "asked" : "stored" });
  return openStack(project, stack, env, { create: false });
}

/**
 * In an order in which the stack is right at every moment, also if this process ends there: with `adopt` in the file the next `up` takes
 * over by id what the state doesn't have, and ignores it where the state has it.
 */
async function putIntoState(
  { project, stack, options, settings, plan, before, files }: Run,
  opened: OpenStack,
): Promise<void> {
  const env = withoutPlugins(settings.target ?? "", opened.env);
  const copied = { project, stack, opened: { ...opened, env }, before };
  const state = await files.orRestored(() => computeState(copied));
  files.keep();
  try {
    await importState(project, opened, before, state);
  } catch (error) {
    if (await isAsBefore(project, opened, before)) files.restore();
    throw error;
  }
  writeFiles(files, plan, options, { adopt: false, unknownSecrets: options.askSecrets ? "asked" : "stored" });
  const folder = stackFolder(project, stack, opened.settings);
  await noteInJournal(folder, state.deployment.resources ?? [], before.deployment.resources ?? []);
}

function writeFiles(files: Undone, plan: Plan, { force }: Wanted, form: Form): void {
  for (const { file, text } of textsOf(plan, form)) files.write(file, text, force);
}

function tellLeftOut({ leftOut }: Declared): void {
  // Names are what somebody wrote in Airbyte.
  for (const { kind, display, why } of leftOut) say(`Left alone: ${singular(kind)} "${onOneLine(display)}": ${why}`);
}

function tell(declared: Declared, { files }: Plan, options: Wanted, stack: string): void {
  const counts = new Map<Section, number>();
  for (const { kind } of declared.entries) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const words = [...counts].map(([kind, count]) => `${count} ${count === 1 ? singular(kind) : kind}`).join(", ");
  const noted = declared.entries.filter(({ notes }) => notes.length > 0).length;
  const option = stackOption(stack);
  say(`${files.join(", ")}: ${words}.`);
  tellLeftOut(declared);
  if (noted > 0) say(`${noted} of them with a comment on what can't be said here.`);
  const set = declared.secrets.filter(({ value }) => value !== undefined).map(({ name }) => name);
  const open = options.askSecrets ? declared.secrets.filter(({ value }) => value === undefined) : [];
  if (set.length > 0) say(`Secrets set in the stack's configuration: ${set.join(", ")}.`);
  if (open.length > 0) say("Airbyte doesn't show these secrets, so they need their values before the next run:");
  for (const { name } of open) say(`  npm run pulumi -- config set --secret ${name}${option}`);
  const preview = `npm run preview${option && ` --${option}`}`;
  if (options.typescript && !options.state) {
    say(`The program makes them once index.ts has these lines:`);
    say(`  import { declareAdopted } from "./${files[0] ?? ""}";\n  declareAdopted(airbyte);`);
  }
  if (options.state) say(`All of it is in the stack's state; nothing was written to Airbyte. Next: ${preview}`);
  else say(`Nothing is in the stack's state yet: ${preview} shows what taking over would change.`);
}
