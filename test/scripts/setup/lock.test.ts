import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { cacheFolder } from "../../../embedded/folders.ts";
import { folders, temporaryFolder, write } from "../modules.ts";

describe("a lock", () => {
  test("lets one run after the other in", async () => {
    const folder = join(temporaryFolder(), "lock");
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} in`);
      await sleep(50);
      events.push(`${name} out`);
    };
    await Promise.all([folders.withLock(folder, work("a")), folders.withLock(folder, work("b"))]);
    expect(events).toEqual(["a in", "a out", "b in", "b out"]);
    expect(existsSync(folder)).toBe(false);
  });

  test("of a process that was killed is taken over at once", async () => {
    const folder = join(temporaryFolder(), "lock");
    const { pid } = spawnSync("true");
    write(join(folder, "owner.json"), JSON.stringify({ host: hostname(), pid }));
    expect(await folders.withLock(folder, () => Promise.resolve("in"))).toBe("in");
  });
});

describe("a folder in the cache", () => {
  test.each([
    ["/c", "/c/airbyte-on-pulumi"],
    ["", join(homedir(), ".cache/airbyte-on-pulumi")],
    ["here", join(homedir(), ".cache/airbyte-on-pulumi")],
  ])("is the same for set-up and server, wherever they run, for XDG_CACHE_HOME %j", (given, expected) => {
    vi.stubEnv("XDG_CACHE_HOME", given);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect([folders.cacheFolder(), cacheFolder()]).toEqual([expected, expected]);
  });

  test("is made once by runs at the same time, and what a killed one left is removed", async () => {
    const folder = join(temporaryFolder(), "tool-1.0");
    mkdirSync(`${folder}.partial-1`, { recursive: true });
    let made = 0;
    const provide = () =>
      folders.provide(
        folder,
        (path) => existsSync(join(path, "tool")),
        async (partial) => {
          made++;
          await sleep(30);
          write(join(partial, "tool"), "");
        },
      );
    await Promise.all([provide(), provide(), provide()]);
    expect(made).toBe(1);
    expect(readdirSync(join(folder, ".."))).toEqual(["tool-1.0"]);
  });
});
