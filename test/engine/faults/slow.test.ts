import { beforeAll, afterAll, expect, test } from "vitest";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import { faker, sample, until, type Faulty } from "./faults.ts";
import { meetEverywhere } from "./operations.ts";

// Calls have two seconds here; those that Airbyte runs a connector for, and deletions, have minutes all the same.
const TOO_LATE_MS = 4_000;

let faulty: Faulty;

beforeAll(async () => {
  const airbyte = await ExistingAirbyte.start({ afterwards: afterAll });
  faulty = await onExisting(airbyte.about, undefined, { afterwards: afterAll });
  await faulty.project.must("config", "set", "requestTimeout", "2s");
});

test("a call of each sort is worked on when its time is over already: the up itself finishes, and everything is there once", async () => {
  await meetEverywhere(faulty, {
    name: "too late",
    faults: [{ delayMs: TOO_LATE_MS }],
    overcome: true,
    createOvercome: true,
  });
});

test("a server that is too slow for long: the error says which call it was and what to set, and that is enough", async () => {
  const { project } = faulty;
  faulty.declared = sample();
  await faulty.mended();

  // Both tries of both reads.
  const ids = faulty.ids();
  await faulty.inject({ next: [{ count: 4, method: "GET", path: "/public/v1/sources/", delayMs: TOO_LATE_MS }] });
  const refresh = await project.pulumi(["refresh", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(refresh.code, refresh.text).not.toBe(0);
  expect(refresh.text).toMatch(/GET http:\S+\/sources\/[-0-9a-f]{36}: no answer within 2 s/);
  expect(refresh.text).toContain("pulumi config set requestTimeout 4s");
  expect(refresh.text).not.toMatch(/^\s+at /m);
  expect(faulty.ids()).toEqual(ids);
  await faulty.calm();

  // The object is made long after the run has given up.
  faulty.declared.sources.late = faker(3);
  await faulty.inject({ next: [{ method: "POST", path: "/public/v1/sources$", delayMs: 6 * TOO_LATE_MS }] });
  const up = await faulty.up();
  expect(up.code, up.text).not.toBe(0);
  expect(up.text).toMatch(/Could not create source "late": POST http:\S+\/sources: no answer within 2 s/);
  expect(up.text).toContain("pulumi config set requestTimeout 4s");
  expect(up.text).not.toMatch(/^\s+at /m);
  expect(faulty.ids()).toEqual(ids);
  await until(async () => (await faulty.onServer("sources")).some(({ name }) => name === "late"));
  expect((await faulty.mended()).text).toContain('Taking over source "late"');

  // As slow as ever, with the time that it needs.
  await project.must("config", "set", "requestTimeout", "1m");
  faulty.declared.sources.late = faker(4);
  await faulty.inject({ next: [{ count: 1, method: "PUT", path: "/public/v1/sources/", delayMs: TOO_LATE_MS }] });
  const patient = await faulty.mended();
  expect(patient.text).not.toContain("no answer within");
  expect(await faulty.unmet()).toEqual([]);
});
