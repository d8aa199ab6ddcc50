import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { cutOff } from "../../scripts/modules.ts";
import { finish } from "../project.ts";
import { API } from "../sample.ts";
import { faker, Faulty, postgres, sample, sheet, until } from "./faults.ts";

const PROJECT = { file: "Pulumi.yaml", name: "airbyte-on-pulumi", backendUrl: "file://./.pulumi-state" };
const KILLS = 20;
const LATENCY_MS = 200;
/** Of the moments of the kills; they can be chosen again, what the machine makes of them can't. */
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);

interface Mode {
  fast: boolean;
  /** Rounds that come to their end. */
  completes: (round: number) => boolean;
  /** Rounds in which something made before is no longer declared. */
  removes: (round: number) => boolean;
}

const modes: Record<string, Mode> = {
  "": { fast: false, completes: () => false, removes: (round) => round % 3 === 2 },
  " in fast mode": {
    fast: true,
    completes: (round) => round % 4 === 3,
    removes: (round) => round > 0 && round % 4 === 0,
  },
};

test.each(Object.entries(modes))(
  `pulumi killed ${KILLS} times%s while pipelines.yaml grows and changes: in the end everything is there once`,
  { timeout: 1_800_000 },
  async (_, { fast, completes, removes }) => {
    console.log(`FAULTS_SEED=${seed} kills at these moments again`);
    const random = randomFrom(seed);
    const faulty = await Faulty.embedded(sample());
    await faulty.inject({ latencyMs: LATENCY_MS });
    for (let killed = 0, round = 0; killed < KILLS; round++) {
      grow(faulty, round, removes(round));
      const kill = !completes(round);
      const wasKilled = await upKilledAfter(faulty, fast, kill ? random() * 5 * LATENCY_MS : undefined);
      killed += Number(wasKilled);
      if (wasKilled) await repair(faulty);
    }
    await faulty.calm();
    expect(await upKilledAfter(faulty, fast)).toBe(false);
    await deleteWhatIsLeft(faulty);
    await faulty.mended();
  },
);

/** An `up`, killed so long after its first change; resolves with whether it was, for it may be over before. */
async function upKilledAfter(faulty: Faulty, fast: boolean, pauseMs?: number): Promise<boolean> {
  const { project } = faulty;
  faulty.write();
  const begun = project.said.length;
  const settings = { config: { "airbyte-on-pulumi:fast": fast } };
  const up = { verb: "up", args: ["up", "--yes", "--skip-preview", "--stack", "dev"] };
  const run = cutOff.fastRun({ dir: project.dir, ...PROJECT }, "dev", settings, up);
  const child = project.spawn([...up.args, ...run.args], run.env);
  let over = false;
  const ended = finish(child).finally(() => (over = true));
  if (pauseMs !== undefined) {
    await until(() => over || /creating|updating \(|deleting/.test(project.said.slice(begun)));
    await sleep(pauseMs);
    if (!over) {
      process.kill(child.pid!, "SIGKILL");
      await ended;
      return true;
    }
  }
  // A run that has failed by itself has met something that no kill explains.
  expect((await ended).code, project.said.slice(begun)).toBe(0);
  run.settle();
  return false;
}

/** What no state has held before it was no longer declared is named, for a person to delete. */
async function deleteWhatIsLeft({ project, byHand }: Faulty): Promise<void> {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const place = { dir: project.dir, ...PROJECT };
  await cutOff.tellWhatIsLeft(place, "dev", { env: project.env, settings: {} }, "embedded");
  const lines = said.mock.calls.map(([line]) => String(line)).join("\n");
  said.mockRestore();
  for (const [, kind, id] of lines.matchAll(/^ {2}(\w+) ".*" ([-\da-f]{36})$/gm))
    await byHand("DELETE", `${API}/${kind}s/${id}`);
}

/** Two sources, a destination and three connections more, some changed, and some of those of earlier rounds gone. */
function grow({ declared }: Faulty, round: number, removes: boolean): void {
  const { sources, destinations, connections } = declared;
  sources[`faker-${round}`] = faker(round + 1);
  sources[`sheet-${round}`] = sheet(`of-round-${round}`);
  destinations[`lake-${round}`] = postgres(`lake-${round}.example.com`);
  connections[`faker-to-lake-${round}`] = { source: `faker-${round}`, destination: `lake-${round}` };
  connections[`sheet-to-lake-${round}`] = { source: `sheet-${round}`, destination: `lake-${round}` };
  connections[`users-to-lake-${round}`] = { source: "users", destination: `lake-${round}` };
  sources.users = faker(1_000 + round);
  connections["users-to-warehouse"] = { source: "users", destination: "warehouse", prefix: `round_${round}_` };
  if (!removes) return;
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
