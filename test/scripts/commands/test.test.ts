import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ensureRunning } from "../../../embedded/index.ts";
import { dataFolder } from "../../embedded/data-folders.ts";
import { leftRunning, projectDir, temporaryFolder, testCommand, write } from "../modules.ts";

describe("the last line of npm test", () => {
  test("counts passed, failed and, if there are any, skipped tests with their reasons above", () => {
    expect(testCommand.conclude({ passed: 3, failed: 0, skipped: [] }, 0)).toEqual({
      lines: ["3 passed, 0 failed"],
      failed: false,
    });
    const skipped = [{ name: "a > b", reason: "no docker here" }];
    expect(testCommand.conclude({ passed: 3, failed: 1, skipped }, 1)).toEqual({
      lines: ["skipped: a > b: no docker here", "3 passed, 1 failed, 1 skipped"],
      failed: true,
    });
  });

  test("says so where only the quick ones ran", () => {
    expect(testCommand.conclude({ passed: 3, failed: 0, skipped: [] }, 0, [], "quick").lines).toEqual([
      "3 passed, 0 failed (the quick ones alone: npm test runs more, npm test -- --all all)",
    ]);
  });

  test("never says 0 failed of a run that failed", () => {
    expect(testCommand.conclude({ passed: 3, failed: 0, skipped: [] }, 1).lines.at(-1)).toBe("3 passed, 1 failed");
    expect(testCommand.conclude(undefined, 134)).toEqual({
      lines: ["No test ran.", "0 passed, 1 failed"],
      failed: true,
    });
  });

  test("fails a run that left a process behind, which is named", () => {
    expect(testCommand.conclude({ passed: 3, failed: 0, skipped: [] }, 0, ["left running: process 7, sleep"])).toEqual({
      lines: ["left running: process 7, sleep", "3 passed, 1 failed"],
      failed: true,
    });
  });

  test("fails a run in which no test ran", () => {
    expect(testCommand.conclude({ passed: 0, failed: 0, skipped: [] }, 0).failed).toBe(true);
  });
});

describe.skipIf(!existsSync("/proc/self/stat"))("what a run of the tests has left running", () => {
  const sleeper = (folder: string, ms: number, env = {}) => {
    const script = `setTimeout(() => undefined, ${ms})`;
    const child = spawn(process.execPath, ["-e", script], { env: { TMPDIR: folder, ...env }, detached: true });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };

  test("is ended and named, once it had a moment to end by itself; what others run is left alone", async () => {
    const folder = temporaryFolder();
    const [idle, short] = [sleeper(join(folder, "data"), 60_000), sleeper(folder, 500)];
    const others = sleeper(`${folder}-of-another-run`, 60_000);
    const ended = once(idle, "exit");
    const lines = await leftRunning.endLeftRunning(folder, 3_000);
    expect(lines).toEqual([expect.stringMatching(`^left running: process ${idle.pid}, .*node.* -e setTimeout`)]);
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect([short.exitCode, others.exitCode]).toEqual([0, null]);
  });

  test("is no reason to wait where there is nothing", async () => {
    expect(await leftRunning.endLeftRunning(temporaryFolder(), 60_000)).toEqual([]);
  });

  test("is known by what npm test gives its tests, and the embedded Airbyte passes on", async () => {
    const folder = dirname(process.env.TEST_RESULT_FILE ?? "");
    expect(process.env.TMPDIR).toBe(folder);
    const { pid } = await ensureRunning(await dataFolder());
    expect(readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")).toContain(`TMPDIR=${folder}`);
  });
});

describe("the reporter", () => {
  test("counts tests, broken files and broken hooks as vitest sees them", () => {
    const dir = temporaryFolder();
    symlinkSync(join(projectDir, "node_modules"), join(dir, "node_modules"));
    write(join(dir, "vitest.config.mjs"), "export default {}\n");
    write(join(dir, "broken.test.js"), "throw new Error('at load')\n");
    write(
      join(dir, "some.test.js"),
      `import { beforeAll, describe, expect, test } from "vitest";
test("good", () => undefined);
test("bad", () => expect(1).toBe(2));
test("not here", (context) => context.skip("no network"));
test.todo("later");
describe("group", () => {
  beforeAll(() => { throw new Error("hook"); });
  test("never runs", () => undefined);
});
`,
    );
    const resultFile = join(dir, "result.json");
    const vitest = join(projectDir, "node_modules", "vitest", "vitest.mjs");
    const reporter = `--reporter=${join(projectDir, "scripts/commands/test/run.ts")}`;
    const run = spawnSync(process.execPath, [vitest, "run", reporter], {
      cwd: dir,
      encoding: "utf8",
      env: { PATH: process.env.PATH, TEST_RESULT_FILE: resultFile },
    });
    expect(existsSync(resultFile), run.stderr).toBe(true);
    const result = JSON.parse(readFileSync(resultFile, "utf8")) as { skipped: { name: string; reason: string }[] };
    expect(result).toMatchObject({ passed: 1, failed: 3 });
    expect(result.skipped).toContainEqual({ name: "some.test.js > not here", reason: "no network" });
    expect(result.skipped).toContainEqual({ name: "some.test.js > later", reason: "still to be written" });
    expect(run.status).toBe(1);
  });
});
