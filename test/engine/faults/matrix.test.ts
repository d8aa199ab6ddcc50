import { afterAll, test } from "vitest";
import { onExisting } from "./existing.ts";
import type { Faulty } from "./faults.ts";
import { KillableAirbyte, MatrixRun, type Row } from "./matrix-run.ts";
import {
  COMMANDS,
  isPossible,
  PHASES,
  STEPS,
  subjectsOf,
  WAYS,
  type Command,
  type Phase,
  type Step,
  type Way,
} from "./matrix.ts";

// All ways of failing with MATRIX=all; else one for each step and command, drawn by a seed that MATRIX_SEED sets.
const seed = Number(process.env.MATRIX_SEED ?? Math.floor(Math.random() * 1e6));
const isWhole = process.env.MATRIX === "all";
/** What fails by single calls can do so in one run; a mistake ends the program, so that nothing else is met. */
const TOGETHER: Phase[] = ["making", "deleting"];

let shared: { airbyte: KillableAirbyte; faulty: Faulty } | undefined;

/** Rows share an Airbyte and a stack, but for one that comes after a failed one. */
async function run(row: Row): Promise<void> {
  const { airbyte, faulty } = (shared ??= await begin());
  shared = undefined;
  await new MatrixRun(faulty, airbyte, row).run();
  shared = { airbyte, faulty };
}

async function begin(): Promise<{ airbyte: KillableAirbyte; faulty: Faulty }> {
  const airbyte = new KillableAirbyte();
  ended.push(() => airbyte.stop());
  const faulty = await onExisting(await airbyte.start(), undefined, { afterwards: (clean) => ended.push(clean) });
  return { airbyte, faulty };
}

const ended: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const clean of ended) await clean();
});

for (const row of rows()) test(`${nameOf(row)} (seed ${seed})`, () => run(row));

function nameOf({ ways, command, runs }: Row): string {
  const failing = isWhole
    ? [Object.values(ways)[0], ...runs.flat()]
    : Object.entries(ways).map((pair) => pair.join(" "));
  return `${command} after: ${failing.join(", ")}`;
}

function rows(): Row[] {
  return isWhole ? COMMANDS.flatMap(wholeRows) : sampledRows(drawn(seed));
}

/** Every step fails in every way. */
function wholeRows(command: Command): Row[] {
  return WAYS.flatMap((way) => {
    const all = Object.fromEntries(STEPS.filter((step) => isPossible(step, way)).map((step) => [step, way]));
    const apart: Phase[][] = way.startsWith("gone")
      ? PHASES.map((phase) => [phase])
      : [["checking"], TOGETHER, ["deleting first"], ["reading"]];
    const rows = apart.map((phases) => ({ command, ways: waysIn(phases, all), runs: [phases] }));
    return rows.filter(({ ways }) => Object.keys(ways).length > 0);
  });
}

/**
 * Every step fails before every command, in some way: one run after the other, since runs that fail at a check or a read must leave the
 * state as it was. Where the server is gone, that is the way of all: so two rows of the whole matrix that don't fit are drawn, too.
 */
function sampledRows(draw: () => number): Row[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!;
  const called = WAYS.filter((way) => !way.startsWith("gone"));
  const rows = COMMANDS.map((command): Row => {
    const ways = STEPS.map((step) => [step, pick(called.filter((way) => isPossible(step, way)))]);
    return { command, ways: Object.fromEntries(ways) as Row["ways"], runs: [["reading"], ["checking"], TOGETHER] };
  });
  const apart = COMMANDS.flatMap(wholeRows).filter(({ ways, runs }) => {
    return runs[0]?.[0] === "deleting first" || Object.values(ways)[0]!.startsWith("gone");
  });
  return [...rows, pick(apart), pick(apart)];
}

function waysIn(phases: Phase[], ways: Partial<Record<Step, Way>>): Partial<Record<Step, Way>> {
  const given = Object.entries(ways) as [Step, Way][];
  const takesPart = ([step, way]: [Step, Way]) => subjectsOf(step, way).some(({ phase }) => phases.includes(phase));
  return Object.fromEntries(given.filter(takesPart));
}

/** Numbers from 0 to 1, the same ones for the same seed. */
function drawn(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
