import { expect, test } from "vitest";
import { ensureRunning } from "../../../embedded/index.ts";
import { providersOf } from "../processes.ts";
import { faker, Faulty, sample } from "./faults.ts";

test("the provider's process, then the embedded Airbyte is killed in the middle of an up, then the latter between runs", async () => {
  const declared = sample();
  const faulty = await Faulty.embedded(declared);
  const { project } = faulty;
  const add = (name: string) => {
    for (let i = 0; i < 15; i++) declared.sources[`${name}-${i}`] = faker(i + 1);
    declared.connections[name] = { source: `${name}-0`, destination: "warehouse" };
  };

  add("first");
  await faulty.inject({ latencyMs: 500 });
  const { ended: withoutProvider } = await faulty.upUntilCreated(3);
  for (const pid of providersOf(project)) process.kill(pid, "SIGKILL");
  const left = await withoutProvider;
  expect(left.code, left.text).not.toBe(0);
  await faulty.calm();
  await faulty.mended();

  add("second");
  await faulty.inject({ latencyMs: 500 });
  const { pid } = await ensureRunning(project.dataDir);
  const { ended: withoutServer } = await faulty.upUntilCreated(3);
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
