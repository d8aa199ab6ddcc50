import { expect, test } from "vitest";
import { ensureRunning } from "../../../embedded/launch.ts";
import { providersOf } from "../processes.ts";
import { finish } from "../project.ts";
import { faker, Faulty, sample, until } from "./faults.ts";

test("the provider's process, then the embedded Airbyte is killed in the middle of an up, then the latter between runs", async () => {
  const declared = sample();
  const faulty = await Faulty.embedded(declared);
  const { project } = faulty;
  const add = (name: string) => {
    for (let i = 0; i < 15; i++) declared.sources[`${name}-${i}`] = faker(i + 1);
    declared.connections[name] = { source: `${name}-0`, destination: "warehouse" };
  };

  add("first");
  const { ended: withoutProvider } = await upUntil(faulty, 5);
  for (const pid of providersOf(project)) process.kill(pid, "SIGKILL");
  const left = await withoutProvider;
  expect(left.code, left.text).not.toBe(0);
  await faulty.calm();
  await faulty.mended();

  add("second");
  const { ended: withoutServer } = await upUntil(faulty, 22);
  const { pid } = await ensureRunning(project.dataDir);
  process.kill(pid, "SIGKILL");
  const cut = await withoutServer;
  expect(cut.code, cut.text).not.toBe(0);
  expect(cut.text).toContain("Next step:");
  await faulty.mended();

  const ids = faulty.ids();
  process.kill((await ensureRunning(project.dataDir)).pid, "SIGKILL");
  await faulty.mended();
  expect(faulty.ids()).toEqual(ids);
});

/** An up that has made so many sources, and not yet all. */
async function upUntil(faulty: Faulty, sources: number) {
  faulty.write();
  await faulty.inject({ latencyMs: 250 });
  const args = ["up", "--yes", "--skip-preview", "--parallel", "4", "--stack", "dev"];
  const ended = finish(faulty.project.spawn(args));
  await until(async () => (await faulty.onServer("sources")).length >= sources);
  return { ended };
}
