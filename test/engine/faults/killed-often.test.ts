import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { finish } from "../project.ts";
import { faker, Faulty, postgres, sample, sheet, until } from "./faults.ts";

const ROUNDS = 20;
const LATENCY_MS = 200;
/** Of the moments of the kills; they can be chosen again, what the machine makes of them can't. */
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);

test(`pulumi killed ${ROUNDS} times while pipelines.yaml grows and changes: in the end everything is there once`, async () => {
  console.log(`FAULTS_SEED=${seed} kills at these moments again`);
  const random = randomFrom(seed);
  const faulty = await Faulty.embedded(sample());
  const { project } = faulty;
  await faulty.inject({ latencyMs: LATENCY_MS });

  let killed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    grow(faulty, round);
    faulty.write();
    const begun = project.said.length;
    const child = project.spawn(["up", "--yes", "--skip-preview", "--stack", "dev"]);
    let over = false;
    const ended = finish(child).finally(() => (over = true));
    await until(() => over || /creating|updating \(|deleting/.test(project.said.slice(begun)));
    await sleep(random() * 5 * LATENCY_MS);
    // A run that has failed by itself has met something that no kill explains.
    if (over) expect((await ended).code, project.said.slice(begun)).toBe(0);
    else killed += Number(process.kill(child.pid!, "SIGKILL"));
    await ended;
    await repair(faulty);
  }
  expect(killed).toBeGreaterThan(ROUNDS / 2);
  await faulty.calm();
  await faulty.mended();
}, 1_800_000);

/** Two sources, a destination and three connections more, some changed, and some of those of earlier rounds gone. */
function grow({ declared }: Faulty, round: number): void {
  const { sources, destinations, connections } = declared;
  sources[`faker-${round}`] = faker(round + 1);
  sources[`sheet-${round}`] = sheet(`of-round-${round}`);
  destinations[`lake-${round}`] = postgres(`lake-${round}.example.com`);
  connections[`faker-to-lake-${round}`] = { source: `faker-${round}`, destination: `lake-${round}` };
  connections[`sheet-to-lake-${round}`] = { source: `sheet-${round}`, destination: `lake-${round}` };
  connections[`users-to-lake-${round}`] = { source: "users", destination: `lake-${round}` };
  sources.users = faker(1_000 + round);
  connections["users-to-warehouse"] = { source: "users", destination: "warehouse", prefix: `round_${round}_` };
  if (round % 3 !== 2) return;
  delete connections[`sheet-to-lake-${round - 1}`];
  delete sources[`sheet-${round - 1}`];
  delete connections[`users-to-lake-${round - 2}`];
}

/** What the README says to do after a kill. */
async function repair({ project }: Faulty): Promise<void> {
  const file = join(project.dir, ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json");
  if (!isJson(file)) {
    const { text } = await project.pulumi(["stack", "export", "--stack", "dev"]);
    expect(text).toContain("failed to load checkpoint");
    copyFileSync(`${file}.bak`, file);
  }
  await project.must("cancel", "--yes", "--stack", "dev");
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
