// npm run adopt: what lives in an Airbyte already becomes code, and the stack's own, without a write to Airbyte.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { onOneLine } from "../errors/printable.ts";
import { singular } from "../providers/airbyte/kinds/names.ts";
import { stackOption } from "../errors/commands.ts";
import { filesUndone } from "./adopt/files.mjs";
import { newSettings, readOptions } from "./adopt/options.mjs";
import { computeState, importState, isAsBefore, readState } from "./adopt/state.mjs";
import { lockedProblem } from "./explain-failure.mjs";
import { explaining } from "./explaining.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { withoutPlugins } from "./pulumi.mjs";
import { setConfig } from "./set-config.mjs";
import { overlayFile, trackedFile } from "./setup/overlay.mjs";
import { say } from "./setup/progress.mjs";
import { readProject, stackFolder } from "./setup/project.mjs";
import { lostPassphrase, openStack } from "./setup/stack.mjs";
import { StopError } from "./setup/stop.mjs";
import { stackFacts } from "./stack-facts.mjs";

/** Resolves with the exit code. Whatever fails leaves files, settings and state as they were. */
export async function adopt(projectDir, givenArgs, env) {
  const project = readProject(projectDir, env);
  const { stack, args } = parsePulumiArgs(givenArgs, env);
  process.chdir(projectDir); // paths in the settings are relative to the project
  const options = readOptions(args);
  const lost = lostPassphrase(project, stack, env);
  if (lost) throw new StopError(lost);
  const create = options.url !== undefined || existsSync(trackedFile(project, stack));
  const opened = await openStack(project, stack, env, { create });
  const locked = lockedProblem(project, stack);
  if (locked) throw new StopError(locked);
  if (existsSync(join(stackFolder(project, stack, opened.settings), "unfinished-run"))) {
    throw new StopError("A run of this stack was cut off. Next step: npm start, then adopt again.");
  }
  const before = await readState(project, opened);
  const found = await stackFacts(project, stack, opened);
  const values = valuesByKey(project, found);
  const settings = newSettings(options, values, before, stack, env);
  const facts = {
    stack: found.stack,
    config: { ...values, ...settings },
    resources: before.deployment.resources ?? [],
    keptUrl: found.keptUrl,
  };
  const plan = await explaining(async () => (await import("./adopt/plan.ts")).makePlan(facts, options));
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
  const run = { project, stack, options, settings, plan, before, files };
  const now = await files.orRestored(() => prepare(run, opened, env));
  if (options.state) await putIntoState(run, now);
  else files.keep();
  tell(declared, plan, options, stack);
  return 0;
}

/** The stack's configuration, secrets in plain; what was emptied isn't set. */
function valuesByKey(project, { values }) {
  const own = `${project.name}:`;
  const set = Object.entries(values).filter(([, { value }]) => value !== undefined && value !== "");
  return Object.fromEntries(set.map(([key, { value }]) => [key.startsWith(own) ? key.slice(own.length) : key, value]));
}

/** Settings, secrets and the file as the state needs them. Resolves with the stack as it is then. */
async function prepare({ project, stack, options, settings, plan, files }, opened, env) {
  for (const [key, value] of Object.entries(settings)) {
    await setConfig(project, opened, key, value, key === "clientSecret");
  }
  for (const { name, value } of plan.declared.secrets) {
    if (value !== undefined) await setConfig(project, opened, name, value, true);
  }
  const asked = options.askSecrets && !options.state;
  await writeFiles(files, plan, options, { adopt: true, unknownSecrets: asked ? "asked" : "stored" });
  return openStack(project, stack, env, { create: false });
}

/**
 * In an order in which the stack is right at every moment, also if this process ends there: with `adopt` in the file the next `up` takes
 * over by id what the state doesn't have, and ignores it where the state has it.
 */
async function putIntoState({ project, stack, options, settings, plan, before, files }, opened) {
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
  await writeFiles(files, plan, options, { adopt: false, unknownSecrets: options.askSecrets ? "asked" : "stored" });
  const { noteInJournal } = await import("./adopt/journal.ts");
  const folder = stackFolder(project, stack, opened.settings);
  await noteInJournal(folder, state.deployment.resources, before.deployment.resources ?? []);
}

async function writeFiles(files, plan, { force }, form) {
  const { textsOf } = await import("./adopt/text.ts");
  for (const { file, text } of textsOf(plan, form)) files.write(file, text, force);
}

function tellLeftOut({ leftOut }) {
  // Names are what somebody wrote in Airbyte.
  for (const { kind, display, why } of leftOut) say(`Left alone: ${singular(kind)} "${onOneLine(display)}": ${why}`);
}

function tell(declared, { files }, options, stack) {
  const counts = new Map();
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
    say(`  import { declareAdopted } from "./${files[0]}";\n  declareAdopted(airbyte);`);
  }
  if (options.state) say(`All of it is in the stack's state; nothing was written to Airbyte. Next: ${preview}`);
  else say(`Nothing is in the stack's state yet: ${preview} shows what taking over would change.`);
}
