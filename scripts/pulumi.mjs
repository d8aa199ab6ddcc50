// npm start, npm run preview|refresh|destroy and npm run pulumi: pulumi on the project's stack.
import { existsSync } from "node:fs";
import { stackOption, shellQuoted } from "../errors/commands.ts";
import { configFileFor, moveSecretsToTracked, settleConfig } from "./config-command.mjs";
import { explainFailure } from "./explain-failure.mjs";
import { fastRun } from "./fast.mjs";
import { followName, followState, forgetPlaces, renameStack } from "./follow.mjs";
import { bringConnectors } from "./connectors-ahead.mjs";
import { fillPlaceholders } from "./placeholders.mjs";
import { tellWhatIsLeft } from "./left-behind.mjs";
import { unprotect, withAllowUnprotect } from "./protection.mjs";
import { parsePulumiArgs, refuseImport, writingVerbs } from "./pulumi-args.mjs";
import { mendState } from "./mend-state.mjs";
import { rowsAfterUp } from "./rows.mjs";
import { keepTracked } from "./setup/keep-tracked.mjs";
import { readSettings, trackedFile } from "./setup/overlay.mjs";
import { passphraseEnv } from "./setup/passphrase.mjs";
import { foreground } from "./setup/process.mjs";
import { say } from "./setup/progress.mjs";
import { backendFolder, readProject } from "./setup/project.mjs";
import { lostPassphrase, openStack } from "./setup/stack.mjs";
import { hasResources, stackNames } from "./setup/state.mjs";
import { StopError } from "./setup/stop.mjs";
import { bringSshFiles } from "./ssh-files.mjs";
import { keepsData, tellWhatRemains, withDestroyData } from "./destroy-data.mjs";
import { withoutOutputs, withoutPreview, withYes } from "./yes.mjs";

const usesSettings = ["up", "preview", "refresh", "destroy", "config", "import", "watch"];

/** Runs pulumi with the arguments that the user gave and resolves with its exit code. `isStep`: the command goes on after it. */
export async function pulumi(projectDir, givenArgs, env, { isStep = false } = {}) {
  const project = readProject(projectDir, env);
  const { stack, ...call } = parsePulumiArgs(givenArgs, env);
  refuseImport(call);
  const run = (args, runEnv) =>
    keepTracked(projectDir, () => foreground("pulumi", args, { cwd: projectDir, env: runEnv }));

  // Whatever is not about the settings of a stack (version, login, stack init, stack output, …) runs as it is.
  if (!needsSettings(call)) {
    if (call.verb === "stack" && call.noun === "rename")
      return renameStack(
        project,
        stack,
        call.args,
        env,
        targetOf(project, readSettings(trackedFile(project, stack)), []),
        run,
      );
    const makesOne = call.verb === "stack" && ["init", "new", "create"].includes(call.noun);
    return run(call.args, { ...env, PULUMI_STACK: stack, ...passphraseEnv(project, env, makesOne) });
  }

  const target = targetOf(project, readSettings(trackedFile(project, stack)), call.args);
  const embedded = target === "embedded";
  const allowed = withAllowUnprotect(call);
  const removal = withDestroyData({ ...call, args: allowed.args }, target);
  const confirmed = withYes(call.verb, removal.args, embedded);
  const args = withoutOutputs(call.verb, withoutPreview(call.verb, confirmed, embedded));
  env = { ...withoutPlugins(target, env), ...removal.env, ...allowed.env };
  const lost = lostPassphrase(project, stack, env);
  if (lost) throw new StopError(lost);
  await followName(project, stack, readSettings(trackedFile(project, stack)), env);
  const opened = await openStack(project, stack, env, { create: await makesStack(project, stack, call, env) });
  if (target === "aws") await bringSshFiles(project, stack, opened, call.verb);
  if (embedded) await fillPlaceholders(project, opened, call.verb, isFirstUse(project, stack, opened));

  await unprotect(project, opened, allowed.names);
  if (call.verb === "stack") return moveSecretsToTracked(project, stack, opened, () => run(args, opened.env));
  const configFile = configFileFor(opened, call);
  const fast = fastRun(project, stack, opened.settings, call);
  if (embedded && call.verb === "up") await bringConnectors(project, opened.settings);
  const runOnce = () =>
    interruptible(() => run([...args, ...fast.args, ...configFile], { ...opened.env, ...fast.env }));
  const isStateHere = backendFolder(project) !== undefined;
  const mend = async () => {
    const isMended = await mendState(project, stack, opened);
    return (await followState(project, stack, opened, call.verb === "up")) || isMended;
  };
  if (isStateHere && call.verb !== "config") await mend();
  let { code, interrupted } = await runOnce();
  // To look at a state that lies elsewhere takes a second: so only after a failure.
  if (code !== 0 && !interrupted && !isStateHere && (await mend())) ({ code, interrupted } = await runOnce());
  if (code === 0 && writingVerbs.includes(call.verb)) {
    await tellWhatIsLeft(project, stack, opened, target);
    fast.settle();
    if (call.verb === "up") forgetPlaces(project, stack, opened.settings);
  }
  if (call.verb === "config" && configFile.length > 0) {
    await settleConfig(project, stack, opened, call, () => run(args, opened.env));
  }
  if (code !== 0) await explainFailure(project, stack, opened, { verb: call.verb, interrupted });
  if (call.verb === "destroy" && (code !== 0 || keepsData(target))) await tellWhatRemains(project, opened, target);
  else if (call.verb === "up" && code === 0 && !isStep) {
    tellNext(stack, embedded, embedded ? await rowsAfterUp(project, stack) : undefined);
  }
  return code;
}

/**
 * Whether a missing stack is made. By `up`; and by a setting where the name can't be a slip: the first one of all (on a fresh checkout
 * one chooses the target before the first `npm start`), or that of a stack with a tracked settings file.
 */
async function makesStack(project, stack, { verb, noun }, env) {
  if (verb === "up") return true;
  if (verb !== "config" || !["set", "set-all"].includes(noun)) return false;
  return existsSync(trackedFile(project, stack)) || (await stackNames(project, env)).length === 0;
}

function isFirstUse(project, stack, opened) {
  return opened.isNew || hasResources(project, stack) === false;
}

function needsSettings({ verb, noun, args }) {
  if (args.includes("--help") || args.includes("-h")) return false;
  if (verb === "stack") return noun === "change-secrets-provider";
  return usesSettings.includes(verb);
}

/** The embedded Airbyte is the default target: a trial on this machine, where nothing needs to be asked. */
function targetOf(project, settings, args) {
  const given = args.map((arg) => /(?:^|[=:])target=(.+)$/.exec(arg)?.[1]).find(Boolean);
  return given ?? settings.config?.[`${project.name}:target`] ?? "embedded";
}

/** The packages of every target's SDK are installed, and pulumi would download their plugins (hundreds of MB) for stacks that use none. */
export function withoutPlugins(target, env) {
  if (!["embedded", "existing"].includes(target)) return env;
  return { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", ...env };
}

/** Runs pulumi and notes whether Ctrl-C came meanwhile. */
async function interruptible(runPulumi) {
  let interrupted = false;
  const note = () => (interrupted = true);
  process.on("SIGINT", note);
  try {
    return { code: await runPulumi(), interrupted };
  } finally {
    process.off("SIGINT", note);
  }
}

/** What `npm start` ends with. */
function tellNext(stack, embedded, stream) {
  const command = (name, ...args) =>
    [`npm run ${name}`, `${args.join(" ")}${stackOption(stack)}`.trim()].filter(Boolean).join(" -- ");
  const steps = [
    ...(stream ? [[command("rows", shellQuoted(stream)), "the first rows that have arrived"]] : []),
    ...(embedded ? [[command("open"), "the pipelines, their jobs and rows in a browser"]] : []),
    [command("preview"), "after an edit of pipelines.yaml: what it would change; npm start changes it"],
    [command("pulumi", "stack", "output"), "addresses and ids"],
    [command("destroy"), "removes everything"],
  ];
  const width = Math.max(...steps.map(([line]) => line.length));
  say(["\nNext:", ...steps.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`)].join("\n"));
}
