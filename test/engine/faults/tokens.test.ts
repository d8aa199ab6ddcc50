import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../doubles/free-port.ts";
import { API } from "../sample.ts";
import { byHandAt, type Reached } from "../by-hand.ts";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import { faker, sample, until, type Declared, type Faulty } from "./faults.ts";

const TOKEN_CALL = "/public/v1/applications/token$";

test("all tokens expire in the middle of an up, and the token endpoint is down for a moment: the up itself finishes", async () => {
  const airbyte = await ExistingAirbyte.start();
  const faulty = await onExisting(airbyte.about, many());
  await faulty.inject({ latencyMs: 300 });
  const { ended } = await faulty.upUntilCreated(3);
  const before = await tokensOfProvider(faulty);
  await faulty.inject({ expireTokens: true, next: [{ count: 2, path: TOKEN_CALL, status: 503 }] });
  const run = await ended;
  expect(run.code, run.text).toBe(0);
  expect(await faulty.unmet()).toEqual([]);
  expect(await tokensOfProvider(faulty)).toBeGreaterThan(before);
  await faulty.calm();
  await faulty.settled();
});

test("the token endpoint is down for long: said so, nothing is made or lost, and the next up finishes", async () => {
  const airbyte = await ExistingAirbyte.start();
  const faulty = await onExisting(airbyte.about, many());
  await faulty.inject({ latencyMs: 300 });
  const { ended } = await faulty.upUntilCreated(3);
  await faulty.inject({ expireTokens: true, next: [{ count: 1_000, path: TOKEN_CALL, drop: "before" }] });
  const run = await ended;
  expect(run.code).not.toBe(0);
  expect(run.text).toContain("Could not get a token");
  const ids = faulty.ids();
  const refresh = await faulty.project.pulumi(["refresh", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(refresh.code).not.toBe(0);
  expect(faulty.ids()).toEqual(ids);
  await faulty.calm();
  await faulty.mended();
});

test("tokens that live for two seconds last for an up that is longer", async () => {
  const airbyte = await ExistingAirbyte.start({ tokenTtlSeconds: 2 });
  const faulty = await onExisting(airbyte.about, many());
  await faulty.inject({ latencyMs: 400 });
  const run = await faulty.up("--parallel", "4");
  expect(run.code, run.text).toBe(0);
  expect(await tokensOfProvider(faulty)).toBeGreaterThan(2);
  await faulty.calm();
  await faulty.settled();
});

test.each([
  { name: "an hour ahead", shiftMs: 3_600_000 },
  { name: "an hour behind", shiftMs: -3_600_000 },
])(
  "the server's clock is $name: tokens work, and what a lost answer made is told from what was there before",
  async (row) => {
    const server = await withShiftedClock(row.shiftMs);
    const { data } = await byHandAt(server)<{ data: { workspaceId: string }[] }>("GET", `${API}/workspaces`);
    const alike = { ...faker(), name: "users", workspaceId: data[0]?.workspaceId };
    const { sourceId } = await byHandAt(server)<{ sourceId: string }>("POST", `${API}/sources`, alike);
    await sleep(4_000); // Beyond the slack of clocks that count whole seconds.

    const faulty = await onExisting(server, sample());
    const lost = ["sources", "destinations", "connections"].map((kind) => `/public/v1/${kind}$`);
    await faulty.inject({ next: lost.map((path) => ({ count: 2, method: "POST", path, drop: "after" })) });
    const run = await faulty.up();
    expect(run.code, run.text).toBe(0);
    expect((await faulty.unmet()).map(({ path, count }) => [path, count])).toEqual([["/public/v1/destinations$", 1]]);
    await faulty.calm();
    expect(faulty.ids()["Source/users"]).not.toBe(sourceId);
    await faulty.byHand("DELETE", `${API}/sources/${sourceId}`);
    await faulty.settled();
  },
);

/** So many sources that they are not all created at once. */
function many(): Declared {
  const sources = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`source-${i}`, faker(i + 1)]));
  return { ...sample(), sources: { ...sample().sources, ...sources } };
}

/** The test's own tokens come from another path. */
async function tokensOfProvider(faulty: Faulty): Promise<number> {
  const { calls } = await faulty.byHand<{ calls: Record<string, number> }>("GET", "/faults");
  return calls["POST /applications/token"] ?? 0;
}

async function withShiftedClock(shiftMs: number): Promise<Reached> {
  const dataDir = mkdtempSync(join(tmpdir(), "airbyte-"));
  const port = await freePort();
  const root = join(import.meta.dirname, "../../..");
  const args = ["--import", join(root, "test/doubles/shifted-clock.mjs"), join(root, "embedded/main.ts")];
  const server = spawn(process.execPath, [...args, "--data", dataDir, "--port", String(port), "--faults"], {
    env: { ...process.env, CLOCK_SHIFT_MS: String(shiftMs) },
    stdio: "ignore",
  });
  const gone = new Promise((resolve) => server.once("exit", resolve));
  onTestFinished(async () => {
    server.kill();
    await gone;
  });
  const url = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(url).then(
      ({ headers }) => Math.abs(Date.parse(headers.get("date") ?? "") - Date.now() - shiftMs) < 60_000,
      () => false,
    ),
  );
  const credentials = JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8")) as Omit<Reached, "url">;
  return { url, ...credentials };
}
