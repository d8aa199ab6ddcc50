// npm start, npm run preview|refresh|destroy and npm run pulumi: pulumi on the project's stack.
import { existsSync } from "node:fs";
import { nextStep, shellQuoted, stackOption, UserError } from "../../errors/user-error.ts";
import { say } from "../setup/messages.mjs";
import { foreground } from "../setup/process.mjs";
import { atLeast, pulumiStateFormat, pulumiVersion } from "../setup/versions.mjs";
import { bringConnectors, bringSshFiles } from "./ahead.ts";
import { configFileFor, fillPlaceholders, moveSecretsToTracked, settleConfig } from "./config.ts";
import { fastRun, mendState, tellWhatIsLeft } from "./cut-off.ts";
import { followName, followState, forgetPlaces, renameStack } from "./follow.ts";
import { lostPassphrase, openStack, passphraseEnv, passphraseProblem, type OpenStack } from "./open-stack.ts";
import { keepTracked, readSettings, trackedFile, trackedStackFolder } from "./overlay.ts";
import { backendFolder, readProject, type Project, type StackSettings } from "./project.ts";
import { keepsData, tellWhatRemains, unprotect, withAllowUnprotect, withDestroyData } from "./protection.ts";
import {
  parsePulumiArgs,
  refuseImport,
  withoutOutputs,
  withoutPreview,
  withYes,
  writingVerbs,
  type PulumiCall,
} from "./pulumi-args.ts";
import { noteUp, withSettingsOfNow } from "./since-last-up.ts";
import { askPulumi, hasResources, isLocked, stackNames, stateFormat } from "./state.ts";

const usesSettings: readonly string[] = ["up", "preview", "refresh", "destroy", "config", "import", "watch"];

type Env = NodeJS.ProcessEnv;

/** `up`, `preview`, `refresh` or `destroy`, as commands of their own. */
export function operate(
  verb: string,
  { projectDir, given, env }: { projectDir: string; given: readonly string[]; env: Env },
): Promise<number> {
  return pulumi(projectDir, [verb, ...given], env);
}

/** Runs pulumi with the arguments that the user gave and resolves with its exit code. `isStep`: the command goes on after it. */
export async function pulumi(
  projectDir: string,
  givenArgs: readonly string[],
  givenEnv: Env,
  { isStep = false } = {},
): Promise<number> {
  let env = givenEnv;
  const project = readProject(projectDir, env);
  const { stack, ...call } = parsePulumiArgs(givenArgs, env);
  const { verb = "", noun = "" } = call;
  refuseImport(call);
  const run = (args: readonly string[], runEnv: Env) =>
    keepTracked(projectDir, () => foreground("pulumi", args, { cwd: projectDir, env: runEnv }));
  const tracked = readSettings(trackedFile(project, stack));

  // Whatever is not about the settings of a stack (version, login, stack init, stack output, …) runs as it is.
  if (!needsSettings(call)) {
    if (verb === "stack" && noun === "rename")
      return renameStack(project, stack, call.args, env, targetOf(project, tracked, []), run);
    const makesOne = verb === "stack" && ["init", "new", "create"].includes(noun);
    return run(call.args, { ...env, PULUMI_STACK: stack, ...passphraseEnv(project, env, makesOne) });
  }

  const target = targetOf(project, tracked, call.args);
  const embedded = target === "embedded";
  const allowed = withAllowUnprotect(call);
  const removal = withDestroyData({ ...call, args: allowed.args }, target);
  const confirmed = withYes(verb, removal.args, embedded);
  const args = withoutOutputs(verb, withoutPreview(verb, confirmed, embedded));
  env = { ...withoutPlugins(target, env), ...removal.env, ...allowed.env };
  const lost = lostPassphrase(project, stack, env);
  if (lost) throw new UserError(lost);
  await followName(project, stack, tracked, env);
  const opened = await openStack(project, stack, env, { create: await makesStack(project, stack, call, env) });
  if (target === "aws") await bringSshFiles(project, stack, opened, verb);
  if (embedded) await fillPlaceholders(project, opened, verb, isFirstUse(project, stack, opened));

  await unprotect(project, opened, allowed.names);
  if (verb === "stack") return moveSecretsToTracked(project, stack, opened, () => run(args, opened.env));
  const configFile = configFileFor(opened, call);
  const fast = fastRun(project, stack, opened.settings, call);
  if (embedded && ["up", "preview"].includes(verb)) await bringConnectors(project, opened.settings);
  const ofNow = withSettingsOfNow(project, stack, opened.settings, { verb, args, target });
  const runOnce = () =>
    interruptible(() => run([...args, ...fast.args, ...ofNow, ...configFile], { ...opened.env, ...fast.env }));
  const isStateHere = backendFolder(project) !== undefined;
  const mend = async () => {
    const isMended = await mendState(project, stack, opened);
    return (await followState(project, stack, opened, verb === "up")) || isMended;
  };
  if (isStateHere && verb !== "config") await mend();
  let { code, interrupted } = await runOnce();
  // To look at a state that lies elsewhere takes a second: so only after a failure.
  if (code !== 0 && !interrupted && !isStateHere && (await mend())) ({ code, interrupted } = await runOnce());
  if (code === 0 && writingVerbs.includes(verb)) {
    await tellWhatIsLeft(project, stack, opened, target);
    fast.settle();
    if (verb === "up") {
      noteUp(project, stack, opened.settings);
      forgetPlaces(project, stack, opened.settings);
    }
  }
  if (verb === "config" && configFile.length > 0 && opened.configFile !== undefined) {
    await settleConfig(project, stack, opened.configFile, noun, () => run(args, opened.env));
  }
  if (code !== 0) await explainFailure(project, stack, opened, { verb, interrupted });
  if (verb === "destroy" && (code !== 0 || keepsData(target))) await tellWhatRemains(project, opened, target);
  else if (verb === "up" && code === 0 && !isStep) {
    tellNext(stack, embedded, embedded ? await streamAfterUp(project, stack) : undefined);
  }
  return code;
}

/**
 * Whether a missing stack is made. By `up`; and by a preview or a setting where the name can't be a slip: the first one of all (on a fresh
 * checkout one looks, or chooses the target, before the first `npm start`), or that of a stack with a tracked settings file.
 */
async function makesStack(
  project: Project,
  stack: string,
  { verb, noun = "" }: Pick<PulumiCall, "verb" | "noun">,
  env: Env,
): Promise<boolean> {
  if (verb === "up") return true;
  const isSetting = verb === "config" && ["set", "set-all"].includes(noun);
  if (!isSetting && verb !== "preview") return false;
  return existsSync(trackedFile(project, stack)) || (await stackNames(project, env)).length === 0;
}

function isFirstUse(project: Project, stack: string, opened: OpenStack): boolean {
  return opened.isNew || hasResources(project, stack) === false;
}

function needsSettings({ verb = "", noun, args }: Omit<PulumiCall, "stack">): boolean {
  if (args.includes("--help") || args.includes("-h")) return false;
  if (verb === "stack") return noun === "change-secrets-provider";
  return usesSettings.includes(verb);
}

/** The embedded Airbyte is the default target: a trial on this machine, where nothing needs to be asked. */
function targetOf(project: Project, settings: StackSettings, args: readonly string[]): string {
  const given = args.map((arg) => /(?:^|[=:])target=(.+)$/.exec(arg)?.[1]).find(Boolean);
  return given ?? (settings.config?.[`${project.name}:target`] as string | undefined) ?? "embedded";
}

/** The packages of every target's SDK are installed, and pulumi would download their plugins (hundreds of MB) for stacks that use none. */
export function withoutPlugins(target: string, env: Env): Env {
  if (!["embedded", "existing"].includes(target)) return env;
  return { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", ...env };
}

/** Runs pulumi and notes whether Ctrl-C came meanwhile. */
async function interruptible(runPulumi: () => Promise<number>): Promise<{ code: number; interrupted: boolean }> {
  let interrupted = false;
  const note = () => {
    interrupted = true;
  };
  process.on("SIGINT", note);
  try {
    return { code: await runPulumi(), interrupted };
  } finally {
    process.off("SIGINT", note);
  }
}

/** The counts after an `up`, and the name of a stream to look at; whatever is wrong with them must not spoil it. */
async function streamAfterUp(project: Project, stack: string): Promise<string | undefined> {
  const { printCounts } = await import("./arrived.ts");
  const [stream] = await printCounts(trackedStackFolder(project, stack)).catch(() => []);
  return stream;
}

/** What `npm start` ends with. */
function tellNext(stack: string, embedded: boolean, stream: string | undefined): void {
  const command = (name: string, ...args: string[]) =>
    [`npm run ${name}`, `${args.join(" ")}${stackOption(stack)}`.trim()].filter(Boolean).join(" -- ");
  const steps: [line: string, what: string][] = [
    ...optional(stream !== undefined, command("rows", shellQuoted(stream ?? "")), "the first rows that have arrived"),
    ...optional(embedded, command("open"), "the pipelines, their jobs and rows in a browser"),
    [command("preview"), "after an edit of pipelines.yaml: what it would change; npm start changes it"],
    [command("pulumi", "stack", "output"), "addresses and ids"],
    [command("destroy"), "removes everything"],
  ];
  const width = Math.max(...steps.map(([line]) => line.length));
  say(["\nNext:", ...steps.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`)].join("\n"));
}

function optional(isThere: boolean, line: string, what: string): [string, string][] {
  return isThere ? [[line, what]] : [];
}

/** What to do after pulumi has failed, where its own words don't say it. */
async function explainFailure(
  project: Project,
  stack: string,
  opened: OpenStack,
  { verb = "", interrupted }: { verb: string | undefined; interrupted: boolean },
): Promise<void> {
  const problem =
    lockedProblem(project, stack) ??
    (await newerState(project, stack, opened)) ??
    passphraseProblem(project, stack, opened.env);
  const next = interrupted
    ? "Interrupted: run the same command again to go on. What has been made is kept, and nothing is made twice."
    : nextStep(
        "mend what is named above and run the same command again. npm run doctor looks for the reason step by step.",
      );
  if (problem) say(`\n${problem}`);
  else if (interrupted || ["up", "preview", "refresh", "destroy"].includes(verb)) say(`\n${next}`);
}

/** A sentence if another run, or what is left of one, keeps everybody else off the stack. */
export function lockedProblem(project: Project, stack: string): string | undefined {
  if (!isLocked(project, stack)) return undefined;
  const cancel = `npm run pulumi -- cancel${stackOption(stack)}`;
  return `The stack "${stack}" is locked: another run is under way; if none is: ${cancel}`;
}

async function newerState(project: Project, stack: string, opened: OpenStack): Promise<string | undefined> {
  const format = stateFormat(project, stack) ?? 0;
  if (format <= pulumiStateFormat) return undefined;
  const { stdout } = await askPulumi(project, opened, ["version"]);
  const version = stdout.trim().replace(/^v/, "");
  if (!atLeast(pulumiVersion, version)) return undefined; // a newer one on PATH, which may well read it
  return (
    `The state of the stack "${stack}" was written by a newer Pulumi (its format is ${format}; Pulumi ${version} reads up to ` +
    `${pulumiStateFormat}): install that Pulumi (https://www.pulumi.com/docs/install), and it is used here as soon as it is on PATH.`
  );
}
