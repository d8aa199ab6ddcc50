// npm test: vitest with this file as a reporter, and after it what it has left running and one plain last line that a machine can read.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { foreground } from "../../setup/process.mjs";
import type { Call } from "../command.ts";
import { endLeftRunning } from "./processes.ts";

/** Resolves with the exit code. */
export async function runTests(call: Call<{ quick: boolean; all: boolean }>): Promise<number> {
  const { projectDir, args, options, env } = call;
  // Of this run alone, and short, since sockets lie in it: all temporary files go with it, and whatever the tests start is known by it.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "tests-"));
  const resultFile = join(folder, "result.json");
  // Who names a file wants it, however heavy it is.
  const isAll = options.all || args.some((arg) => !arg.startsWith("-"));
  const extent = options.quick ? "quick" : isAll ? "all" : "usual";
  try {
    const vitest = join(projectDir, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", `--reporter=${import.meta.filename}`];
    const code = await foreground(process.execPath, [vitest, "run", ...reporters, ...args], {
      cwd: projectDir,
      env: { ...env, TEST_RESULT_FILE: resultFile, TMPDIR: folder, TESTS: extent },
    });
    const result = existsSync(resultFile) ? (JSON.parse(readFileSync(resultFile, "utf8")) as Result) : undefined;
    const { lines, failed } = conclude(result, code, await endLeftRunning(folder), extent);
    console.log(lines.join("\n"));
    return failed ? code || 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many of the tests: vitest.config.ts has what belongs to which. */
type Extent = "quick" | "usual" | "all";

const otherwise = {
  quick: " (the quick ones alone: npm test runs more, npm test -- --all all)",
  usual: " (but for the heavy ones: npm test -- --all)",
  all: "",
};

/** What the reporter counts. */
interface Result {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
}

/**
 * The closing lines, the counts last, and whether the run as a whole failed. `result` is missing where vitest broke down; `left` are the
 * lines on processes that were left running, each of which is a failure.
 */
export function conclude(
  result: Result = { passed: 0, failed: 0, skipped: [] },
  code = 0,
  left: readonly string[] = [],
  extent: Extent = "all",
): { lines: string[]; failed: boolean } {
  const { passed, skipped } = result;
  // vitest fails for more than failing tests, a broken file or a rejection that nobody handled; the line must not say "0 failed" then
  const failed = Math.max(result.failed, code === 0 ? 0 : 1) + left.length;
  const lines = skipped.map(({ name, reason }) => `skipped: ${name}: ${reason}`);
  lines.push(...left);
  if (passed + result.failed === 0) lines.push("No test ran.");
  const counts = `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
  lines.push(counts + otherwise[extent]);
  return { lines, failed: failed > 0 || passed === 0 };
}

/** Writes the counts, and why tests were skipped, to $TEST_RESULT_FILE for the command. */
export default class ResultFileReporter implements Reporter {
  #byName = false;

  onInit(vitest: Vitest): void {
    this.#byName = Boolean(vitest.config.testNamePattern);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const having = (state: "passed" | "failed" | "skipped") => tests.filter((test) => test.result().state === state);
    // a file that can't be loaded and a hook that throws are failures without a test of their own
    const broken = modules
      .flatMap((module) => [module, ...module.children.allSuites()])
      .filter((part) => part.errors().length > 0);
    const result: Result = {
      passed: having("passed").length,
      failed: having("failed").length + broken.length + unhandledErrors.length,
      skipped: having("skipped")
        .filter((test) => !this.#byName || noteOf(test) !== undefined) // with -t, all that don't match count as skipped
        .map((test) => ({
          name: `${test.module.relativeModuleId} > ${test.fullName}`,
          reason: noteOf(test) ?? (test.options.mode === "todo" ? "still to be written" : "no reason given"),
        })),
    };
    writeFileSync(process.env.TEST_RESULT_FILE ?? "", JSON.stringify(result));
  }
}

function noteOf(test: TestCase): string | undefined {
  const result = test.result();
  return result.state === "skipped" ? result.note : undefined;
}
