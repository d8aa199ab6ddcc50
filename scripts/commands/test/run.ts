// npm test: vitest, and after it what it has left running and one plain last line that a machine can read.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foreground } from "../../setup/process.mjs";
import { command } from "../command.ts";

export const test = command({
  name: "test",
  summary: "set up what is missing, then run the tests",
  details: "ARGS go to vitest.",
  args: { shown: "ARGS…", most: Infinity },
  line: "[-- ARGS…]",
  options: {
    quick: { about: "without those that start Pulumi, Python or a browser: a minute in place of many" },
    all: { about: "with the heavy ones: faults and kills in the middle of everything, a machine in AWS's double" },
  },
  passesOn: "vitest",
  examples: [
    ["npm test -- test/scripts", "one folder"],
    [`npm test -- -t "stack init"`, "by name"],
  ],
  needsPulumi: true,
  async run({ projectDir, args, options, env }) {
    const { endLeftRunning } = await import("./left-running.ts");
    // Of this run alone, and short, since sockets lie in it: all temporary files go with it, and whatever the tests start is known by it.
    const folder = mkdtempSync(join(realpathSync(tmpdir()), "tests-"));
    const resultFile = join(folder, "result.json");
    // Who names a file wants it, however heavy it is.
    const isAll = options.all || args.some((arg) => !arg.startsWith("-"));
    const extent = options.quick ? "quick" : isAll ? "all" : "usual";
    try {
      const vitest = join(projectDir, "node_modules", "vitest", "vitest.mjs");
      const reporters = ["--reporter=default", `--reporter=${join(import.meta.dirname, "reporter.ts")}`];
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
  },
});

/** How many of the tests: vitest.config.ts has what belongs to which. */
type Extent = "quick" | "usual" | "all";

const otherwise = {
  quick: " (the quick ones alone: npm test runs more, npm test -- --all all)",
  usual: " (but for the heavy ones: npm test -- --all)",
  all: "",
};

/** What the reporter counts. */
export interface Result {
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
