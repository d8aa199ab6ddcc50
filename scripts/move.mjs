// npm run move -- --to STACK: the pipelines of one stack, made in the Airbyte of another.
import { stackOption } from "../errors/commands.ts";
import { explaining } from "./explaining.mjs";
import { parseOptions, wrongOption } from "./options.mjs";
import { readResources } from "./ask-pulumi.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { pulumi } from "./pulumi.mjs";
import { removeConfig, setConfig } from "./set-config.mjs";
import { say } from "./setup/progress.mjs";
import { readProject, shortName } from "./setup/project.mjs";
import { openStack, stackExists } from "./setup/stack.mjs";
import { StopError } from "./setup/stop.mjs";
import { stackFacts } from "./stack-facts.mjs";
import { lookUp } from "./stack-values.ts";
import { askYesNo, canAsk } from "./terminal.mjs";

/** Resolves with the exit code: 1 where something stands in the way, and nothing was changed then. */
export async function move(projectDir, givenArgs, env) {
  const project = readProject(projectDir, env);
  const { stack, args } = parsePulumiArgs(givenArgs, env);
  const options = readOptions(args, stack, env);
  process.chdir(projectDir); // paths in the settings are relative to the project
  const from = await openSide(project, stack, env);
  if (!from.facts.keptUrl) throw new StopError(`${stack} has nothing to move yet: npm start -- --stack ${stack}`);
  if (!(await stackExists(project, options.to, env))) throw new StopError(noSuchStack(options.to));
  const to = await openSide(project, options.to, env);
  requireSamePipelines(from, to);

  const plan = await explaining(() => examined(project, from, to, options));
  if (!plan) {
    say("Nothing was changed.");
    return 1;
  }
  if (options.check) {
    say(`Nothing was changed. To do it: npm run move -- --to ${options.to}${stackOption(stack)}`);
    return 0;
  }
  return explaining(() => carryOut(project, from, to, plan, options, env));
}

function readOptions(args, stack, env) {
  const flags = ["check", "with-secrets", "with-state", "without-state", "paused", "yes"];
  const options = Object.fromEntries(flags.map((name) => [name, { type: "boolean" }]));
  const values = parseOptions("move", args, { ...options, to: { type: "string" } });
  if (!values.to) throw wrongOption("move", "Say which stack the pipelines shall be made in: --to STACK");
  const { stack: to } = parsePulumiArgs(["--stack", values.to], env);
  if (shortName(to) === shortName(stack)) throw wrongOption("move", `${to} is the stack itself`);
  if (values["with-state"] && values["without-state"])
    throw wrongOption("move", "Of --with-state and --without-state, one at most");
  const states = values["with-state"] ? "with" : values["without-state"] ? "without" : "safe";
  const { check, paused, yes } = values;
  return { to, check, paused, yes, withSecrets: values["with-secrets"], states };
}

function noSuchStack(to) {
  return `There is no stack "${to}" yet. Make it, and say where its Airbyte is (docs/targets.md has the settings of every target):
  npm run pulumi -- stack init ${to} --no-select
  npm run pulumi -- config set target existing --stack ${to}`;
}

async function openSide(project, stack, env) {
  const opened = await openStack(project, stack, env, { create: false });
  const facts = await stackFacts(project, stack, opened);
  const get = lookUp(facts);
  return {
    stack,
    opened,
    facts,
    get,
    target: get("target") || "embedded",
    resources: await readResources(project, opened),
  };
}

function requireSamePipelines(from, to) {
  const [first, other] = [from, to].map(({ get }) => get("pipelines") || "pipelines.yaml");
  if (first === other) return;
  throw new StopError(
    `${to.stack} has pipelines of its own (${other}), and a move is of one file: npm run pulumi -- config set pipelines ${first} --stack ${to.stack}`,
  );
}

/** What becomes of each connection, and which secrets are carried over; undefined where something stands in the way. */
async function examined(project, from, to, options) {
  const { Report } = await import("./doctor/report.ts");
  const { examineMove } = await import("./move/examine.ts");
  const { completed, missingValues, namesIn, reportMissing } = await import("./move/values.ts");
  console.log(`From ${from.stack} (${from.target}) to ${to.stack} (${to.target}):\n`);
  process.env.PULUMI_STACK = to.stack; // for the commands that messages name
  const report = new Report();
  const names = namesIn(project.dir, from.facts);
  const missing = missingValues(names, from.facts, to.facts, to.target === "embedded");
  const carry = options.withSecrets || (!options.check && (await mayCarry(missing.carriable, from, to)));
  reportMissing(report, missing, from.facts, to.facts, carry);
  const planned = await examineMove(
    report,
    from,
    { ...to, facts: completed(to.facts, from.facts, missing) },
    options.states,
  );
  report.conclude();
  return planned && { planned, secrets: carry ? missing.carriable : [] };
}

async function mayCarry(secrets, from, to) {
  if (secrets.length === 0 || !canAsk()) return false;
  return askYesNo(`${to.stack} lacks secrets that ${from.stack} has: ${secrets.join(", ")}. Carry them over?`);
}

/**
 * Makes everything, with all connections paused where a sync state is to be there before the first sync; then carries the states over,
 * and starts the connections.
 */
async function carryOut(project, from, to, { planned, secrets }, options, env) {
  requireSomebodyToAsk(to, options);
  const contested = planned.filter((one) => one.contested).map(({ name }) => name);
  const starts = !options.paused && contested.length === 0;
  const pauses = !starts || planned.some(({ fate }) => fate === "carried");
  for (const name of secrets) await setConfig(project, to.opened, name, from.get(name), true);
  const code = await upPaused(project, to, pauses, options, env);
  if (code !== 0) return code;

  const { carryStates } = await import("./move/carry.ts");
  const { closingWords } = await import("./move/words.ts");
  const failed = await carryStates(planned, from, await openSide(project, to.stack, env), say);
  if (starts && pauses && failed.length === 0) {
    await removeConfig(project, to.opened, "paused");
    const started = await up(project, to, ["--yes", "--skip-preview", "--suppress-outputs"], env);
    if (started !== 0) return started;
  }
  const isQuiet = from.get("paused") === "true";
  say(closingWords({ from: from.stack, isQuiet, to: to.stack, planned, contested, failed, paused: options.paused }));
  return failed.length === 0 ? 0 : 1;
}

/** The setting `paused` stays where the run is cut off, so that no later one starts what lacks its state. */
async function upPaused(project, to, pauses, { yes }, env) {
  const wasPaused = to.get("paused") === "true";
  const set = (paused) =>
    paused ? setConfig(project, to.opened, "paused", "true") : removeConfig(project, to.opened, "paused");
  if (pauses !== wasPaused) await set(pauses);
  const code = await up(project, to, yes ? ["--yes"] : [], env);
  if (code === 0) return 0;
  const { resources } = await openSide(project, to.stack, env);
  if (resources.length > to.resources.length) {
    say(`The same command goes on where this one ended.${pauses ? ` Until then ${to.stack} is paused.` : ""}`);
  } else if (pauses !== wasPaused) await set(wasPaused); // Nothing was made, as when the answer was no.
  return code;
}

function up(project, to, args, env) {
  return pulumi(project.dir, ["up", "--stack", to.stack, ...args], env, { isStep: true });
}

function requireSomebodyToAsk(to, { yes }) {
  if (yes || to.target === "embedded" || canAsk()) return;
  throw new StopError(
    `Without a terminal nobody can be asked whether to go on: add --yes (npm run move -- --to ${to.stack} --yes).`,
  );
}
