// npm run move -- --to STACK: the pipelines of one stack, made in the Airbyte of another.
import { stackOption, UserError } from "../../../errors/user-error.ts";
import type { Client } from "../../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { isSet, readSyncState, writeSyncState } from "../../../providers/airbyte/api/sync-state.ts";
import type { Connection } from "../../../providers/airbyte/api/types.ts";
import { canonicalStreams, type StreamInputs } from "../../../providers/airbyte/kinds/connection/streams.ts";
import { same } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { say } from "../../setup/messages.mjs";
import { openAirbyte } from "../../stack/airbyte.ts";
import { removeConfig, setConfig } from "../../stack/config.ts";
import { openStack, stackExists, type OpenStack } from "../../stack/open-stack.ts";
import { pulumi } from "../../stack/operation.ts";
import { readProject, shortName, type Project } from "../../stack/project.ts";
import { parsePulumiArgs } from "../../stack/pulumi-args.ts";
import { setting, stackFacts, targetOf } from "../../stack/stack-facts.ts";
import { readResources } from "../../stack/state.ts";
import { askYesNo, canAsk } from "../../terminal.ts";
import { mistake } from "../command-line.ts";
import type { Call } from "../command.ts";
import { Report } from "../doctor/report.ts";
import { findConnections, type Found, type Side } from "./connections.ts";
import { examineMove } from "./obstacles.ts";
import { closingWords, type Planned, type States } from "./plan.ts";
import { completed, missingValues, namesIn, reportMissing } from "./values.ts";

type Env = NodeJS.ProcessEnv;

/** One of the two stacks, opened. */
interface OpenSide extends Side {
  /** As it was named, with organization and project if they were. */
  stack: string;
  opened: OpenStack;
}

/** The command's options as they are given. */
interface Given {
  to: string | undefined;
  check: boolean;
  "with-secrets": boolean;
  "with-state": boolean;
  "without-state": boolean;
  paused: boolean;
  yes: boolean;
}

/** What the user wants of a move. */
interface Wanted {
  to: string;
  states: States;
  check: boolean;
  paused: boolean;
  yes: boolean;
  withSecrets: boolean;
}

/** Resolves with the exit code: 1 where something stands in the way, and nothing was changed then. */
export async function movePipelines({ projectDir, stack, options: given, env }: Call<Given>): Promise<number> {
  const project = readProject(projectDir, env);
  const options = readOptions(given, stack, env);
  process.chdir(projectDir); // paths in the settings are relative to the project
  const from = await openSide(project, stack, env);
  if (!from.facts.keptUrl) throw new UserError(`${stack} has nothing to move yet: npm start -- --stack ${stack}`);
  if (!(await stackExists(project, options.to, env))) throw new UserError(noSuchStack(options.to));
  const to = await openSide(project, options.to, env);
  requireSamePipelines(from, to);

  const plan = await examined(project, from, to, options);
  if (!plan) {
    say("Nothing was changed.");
    return 1;
  }
  if (options.check) {
    say(`Nothing was changed. To do it: npm run move -- --to ${options.to}${stackOption(stack)}`);
    return 0;
  }
  return carryOut(project, from, to, plan, options, env);
}

function readOptions(given: Given, stack: string, env: Env): Wanted {
  if (given.to === undefined) throw mistake("move", "Say which stack the pipelines shall be made in: --to STACK");
  const { stack: to } = parsePulumiArgs(["--stack", given.to], env);
  if (shortName(to) === shortName(stack)) throw mistake("move", `${to} is the stack itself`);
  const { check, paused, yes, "with-secrets": withSecrets, "with-state": carried, "without-state": left } = given;
  if (carried && left) throw mistake("move", "Of --with-state and --without-state, one at most");
  return { to, check, paused, yes, withSecrets, states: carried ? "with" : left ? "without" : "safe" };
}

function noSuchStack(to: string): string {
  return `There is no stack "${to}" yet. Make it, and say where its Airbyte is (docs/targets.md has the settings of every target):
  npm run pulumi -- stack init ${to} --no-select
  npm run pulumi -- config set target existing --stack ${to}`;
}

async function openSide(project: Project, stack: string, env: Env): Promise<OpenSide> {
  const opened = await openStack(project, stack, env, { create: false });
  const facts = await stackFacts(project, stack, opened);
  return { stack, opened, facts, target: targetOf(facts), resources: await readResources(project, opened) };
}

function requireSamePipelines(from: OpenSide, to: OpenSide): void {
  const pipelinesOf = ({ facts }: OpenSide) => setting(facts, "pipelines") ?? "pipelines.yaml";
  const [first, other] = [pipelinesOf(from), pipelinesOf(to)];
  if (first === other) return;
  throw new UserError(
    `${to.stack} has pipelines of its own (${other}), and a move is of one file: npm run pulumi -- config set pipelines ${first} --stack ${to.stack}`,
  );
}

/** What becomes of each connection, and which secrets are carried over; undefined where something stands in the way. */
async function examined(
  project: Project,
  from: OpenSide,
  to: OpenSide,
  options: Wanted,
): Promise<{ planned: Planned[]; secrets: string[] } | undefined> {
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

async function mayCarry(secrets: readonly string[], from: OpenSide, to: OpenSide): Promise<boolean> {
  if (secrets.length === 0 || !canAsk()) return false;
  return askYesNo(`${to.stack} lacks secrets that ${from.stack} has: ${secrets.join(", ")}. Carry them over?`);
}

/**
 * Makes everything, with all connections paused where a sync state is to be there before the first sync; then carries the states over,
 * and starts the connections.
 */
async function carryOut(
  project: Project,
  from: OpenSide,
  to: OpenSide,
  { planned, secrets }: { planned: Planned[]; secrets: readonly string[] },
  options: Wanted,
  env: Env,
): Promise<number> {
  requireSomebodyToAsk(to, options);
  const contested = planned.filter((one) => one.contested).map(({ name }) => name);
  const starts = !options.paused && contested.length === 0;
  const pauses = !starts || planned.some(({ fate }) => fate === "carried");
  for (const name of secrets) await setConfig(project, to.opened, name, setting(from.facts, name) ?? "", true);
  const code = await upPaused(project, to, pauses, options, env);
  if (code !== 0) return code;

  const failed = await carryStates(planned, from, await openSide(project, to.stack, env), say);
  if (starts && pauses && failed.length === 0) {
    await removeConfig(project, to.opened, "paused");
    const started = await up(project, to, ["--yes", "--skip-preview", "--suppress-outputs"], env);
    if (started !== 0) return started;
  }
  const isQuiet = setting(from.facts, "paused") === "true";
  say(closingWords({ from: from.stack, isQuiet, to: to.stack, planned, contested, failed, paused: options.paused }));
  return failed.length === 0 ? 0 : 1;
}

/** The setting `paused` stays where the run is cut off, so that no later one starts what lacks its state. */
async function upPaused(project: Project, to: OpenSide, pauses: boolean, { yes }: Wanted, env: Env): Promise<number> {
  const wasPaused = setting(to.facts, "paused") === "true";
  const set = (paused: boolean) =>
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

function up(project: Project, to: OpenSide, args: readonly string[], env: Env): Promise<number> {
  return pulumi(project.dir, ["up", "--stack", to.stack, ...args], env, { isStep: true });
}

function requireSomebodyToAsk(to: OpenSide, { yes }: Wanted): void {
  if (yes || to.target === "embedded" || canAsk()) return;
  throw new UserError(
    `Without a terminal nobody can be asked whether to go on: add --yes (npm run move -- --to ${to.stack} --yes).`,
  );
}

/** Says what came of each connection; resolves with the names of those whose state could not be carried over. */
export async function carryStates(
  planned: Planned[],
  from: Side,
  to: Side,
  say: (line: string) => void,
): Promise<string[]> {
  const carried = planned.filter(({ fate }) => fate === "carried");
  if (carried.length === 0) return [];
  const [first, other] = await Promise.all([openAirbyte(from.facts), openAirbyte(to.facts)]);
  const there = await findConnections(to, other);
  const failed: string[] = [];
  for (const { name, found } of carried) {
    const why = await carry(name, found, there.get(name), first.client, other.client);
    say(why === undefined ? `${name}: sync state carried over` : `${name}: its sync state is NOT carried over: ${why}`);
    if (why !== undefined) failed.push(name);
  }
  return failed;
}

/** Why it could not be. */
async function carry(
  name: string,
  first: Found | undefined,
  other: Found | undefined,
  from: Client,
  to: Client,
): Promise<string | undefined> {
  if (!first || !other) return "it is not there";
  if (other.syncs.length > 0) return "it has synced already";
  const differing = whyOtherStreams(first.connection, other.connection);
  if (differing !== undefined) return differing;
  try {
    // As it is now: the one that was read for the plan may be minutes old.
    const state = await readSyncState(from, first.id);
    if (!state || !isSet(state)) return "the first connection has none any more";
    await writeSyncState(to, other.id, name, state);
    return undefined;
  } catch (error) {
    if (error instanceof AirbyteError) return error.message;
    throw error;
  }
}

/** A state is of streams that are read and written in one way; what else an Airbyte tells of them differs by version. */
function whyOtherStreams(first: Connection, other: Connection): string | undefined {
  return same(streamsOf(first), streamsOf(other)) ? undefined : "its streams are set otherwise there";
}

function streamsOf({ configurations }: Connection) {
  const streams = (configurations?.streams ?? []).map(({ name, namespace, syncMode, cursorField, primaryKey }) => {
    return { name, namespace: namespace ?? "", syncMode, cursorField: cursorField ?? [], primaryKey: primaryKey ?? [] };
  });
  return canonicalStreams(streams as StreamInputs[]);
}
