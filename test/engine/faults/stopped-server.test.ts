import { expect, test } from "vitest";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import { faker, sample } from "./faults.ts";

test("the server is stopped in the middle of an up, and refuses connections: nothing reads as deleted, the next up finishes", async () => {
  const airbyte = await ExistingAirbyte.start();
  const declared = sample();
  for (let i = 0; i < 15; i++) declared.sources[`source-${i}`] = faker(i + 1);
  const faulty = await onExisting(airbyte.about, declared);
  const { project } = faulty;
  await faulty.inject({ latencyMs: 500 });
  const { ended } = await faulty.upUntilCreated(3);
  await airbyte.stop();
  const cut = await ended;
  expect(cut.code).not.toBe(0);
  expect(cut.text).toContain("Next step:");

  const ids = faulty.ids();
  expect(Object.keys(ids).length).toBeGreaterThan(0);
  const runs = [
    ["refresh", "--yes", "--skip-preview"],
    ["up", "--yes", "--skip-preview"],
    ["destroy", "--yes", "--skip-preview"],
  ];
  for (const args of runs) {
    const refused = await project.pulumi([...args, "--stack", "dev"]);
    expect(refused.code, refused.text).not.toBe(0);
    expect(refused.text).toContain("check that Airbyte runs and that the address in the stack's configuration");
    expect(refused.text).not.toMatch(/^\s+at /m);
    expect(faulty.ids()).toEqual(ids);
  }

  await airbyte.start();
  await faulty.mended();
});
