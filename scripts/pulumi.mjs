// npm start, npm run preview|refresh|destroy and npm run pulumi: pulumi on the project's stack.
import { configFileFor, moveSecretsToTracked, settleConfig } from "./config-command.mjs";
import { fillPlaceholders } from "./placeholders.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { keepTracked } from "./setup/keep-tracked.mjs";
import { readSettings, trackedFile } from "./setup/overlay.mjs";
import { passphraseEnv } from "./setup/passphrase.mjs";
import { foreground } from "./setup/process.mjs";
import { say } from "./setup/progress.mjs";
import { readProject } from "./setup/project.mjs";
import { openStack, passphraseProblem } from "./setup/stack.mjs";
import { withYes } from "./yes.mjs";

const makesStack = ["up", "preview", "config", "import", "watch"];
const fillsSecrets = ["up", "preview"];

/** Runs pulumi with the arguments that the user gave and resolves with its exit code. */
export async function pulumi(projectDir, givenArgs, env) {
  const project = readProject(projectDir, env);
  const { stack, ...call } = parsePulumiArgs(givenArgs, env);
  const run = (args, runEnv) =>
    keepTracked(projectDir, () => foreground("pulumi", args, { cwd: projectDir, env: runEnv }));

  // Whatever is not about the settings of a stack (version, login, stack init, stack output, …) runs as it is.
  if (!needsSettings(call)) {
    const makesOne = call.verb === "stack" && ["init", "new", "create"].includes(call.noun);
    return run(call.args, { ...env, PULUMI_STACK: stack, ...passphraseEnv(project, env, makesOne) });
  }

  const embedded = isEmbedded(project, readSettings(trackedFile(project, stack)), call.args);
  const args = withYes(call.verb, call.args, embedded);
  const opened = await openStack(project, stack, env, { create: makesStack.includes(call.verb) });
  if (fillsSecrets.includes(call.verb) && embedded) await fillPlaceholders(project, opened);

  if (call.verb === "stack") return moveSecretsToTracked(project, stack, opened, () => run(args, opened.env));
  const configFile = configFileFor(opened, call);
  const code = await run([...args, ...configFile], opened.env);
  if (call.verb === "config" && configFile.length > 0) {
    await settleConfig(project, stack, opened, call, () => run(args, opened.env));
  }
  sayWhatNext(code, call.verb, () => passphraseProblem(project, stack, opened.env));
  return code;
}

function needsSettings({ verb, noun, args }) {
  if (args.includes("--help") || args.includes("-h")) return false;
  if (verb === "stack") return noun === "change-secrets-provider";
  return [...makesStack, "refresh", "destroy"].includes(verb);
}

/** The embedded Airbyte is the default target: a trial on this machine, where nothing needs to be asked. */
function isEmbedded(project, settings, args) {
  const given = args.map((arg) => /(?:^|[=:])target=(.+)$/.exec(arg)?.[1]).find(Boolean);
  return (given ?? settings.config?.[`${project.name}:target`] ?? "embedded") === "embedded";
}

function sayWhatNext(code, verb, passphraseProblem) {
  if (code !== 0) {
    const problem = passphraseProblem();
    if (problem) say(`\n${problem}`);
  } else if (verb === "up") {
    say("Next: edit pipelines.yaml, then npm run preview and npm start. To remove everything: npm run destroy");
  }
}
