import { existsSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { ensureRunning, patientProbe, reserveAddress } from "../../embedded/index.ts";
import { watchDataFolder } from "../../embedded/folders.ts";
import { portSilent } from "../../embedded/probe.ts";
import { alive, dataFolder, writeCredentials } from "./data-folders.ts";
import { temporaryFolder } from "./start.ts";

// A register of its own, so that the tests neither see nor fill the user's.
beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test("a server that is slow to answer is waited for, and no stranger", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const dataDir = await dataFolder();
  const { pid } = await ensureRunning(dataDir);
  process.kill(pid, "SIGSTOP");
  setTimeout(() => process.kill(pid, "SIGCONT"), 4_500);
  expect((await ensureRunning(dataDir)).pid).toBe(pid);
  expect(said.mock.calls).toEqual([
    [`The embedded Airbyte is slow to answer on port ${reserveAddress(dataDir).port}; waiting for it`],
  ]);
});

test("one that never answers is said to be silent, not to be another program, and a call that it breaks off is asked anew", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const folder = temporaryFolder();
  let calls = 0;
  const breaking = createServer((_, response) => (++calls < 3 ? response.destroy() : response.end("hello")));
  await new Promise<void>((resolve) => breaking.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void breaking.close());
  const { port } = breaking.address() as AddressInfo;
  expect(await patientProbe(port, folder, 60_000)).toBe("stranger");
  calls = -1e9;
  expect(await patientProbe(port, folder, 300)).toBe("silent");
  expect(said).toHaveBeenCalledTimes(2);
  expect(portSilent(port, "a.log")).toContain("gave no answer for 60 seconds: the embedded Airbyte, if it is too busy");
});

test.each([
  ["that is gone", () => undefined],
  ["that another server has made anew", (dataDir: string) => writeCredentials(dataDir)],
])("a server with a data folder %s ends by itself, and brings nothing back", async (_, after) => {
  const dataDir = await dataFolder();
  const { pid } = await ensureRunning(dataDir);
  rmSync(dataDir, { recursive: true });
  after(dataDir);
  await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 15_000, interval: 200 });
  expect(existsSync(join(dataDir, "data.json"))).toBe(false);
});

test("a server whose data folder is away for a moment goes on", async () => {
  const folder = join(temporaryFolder(), "airbyte");
  writeCredentials(folder);
  const lost = vi.fn();
  watchDataFolder(folder, "an-instance", lost, 400);
  renameSync(folder, `${folder}-away`);
  await delay(600);
  renameSync(`${folder}-away`, folder);
  await delay(1000);
  expect(lost).not.toHaveBeenCalled();
  renameSync(folder, `${folder}-away`);
  await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1), { timeout: 3_000 });
});
