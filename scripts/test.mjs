// npm test: vitest, and after it what it has left running and one plain last line that a machine can read.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endLeftRunning } from "./left-running.mjs";
import { foreground } from "./setup/process.mjs";

const reporter = fileURLToPath(new URL("test-reporter.mjs", import.meta.url));

/** Runs the tests and resolves with the exit code: not 0 if one failed, if none ran, and if one left a process behind. */
export async function test(projectDir, args, env) {
  // Of this run alone, and short, since sockets lie in it: all temporary files go with it, and whatever the tests start is known by it.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "tests-"));
  const resultFile = join(folder, "result.json");
  try {
    const vitest = join(projectDir, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", `--reporter=${reporter}`];
    const code = await foreground(process.execPath, [vitest, "run", ...reporters, ...args], {
      cwd: projectDir,
      env: { ...env, TEST_RESULT_FILE: resultFile, TMPDIR: folder },
    });
    const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, "utf8")) : undefined;
    const { lines, failed } = conclude(result, code, await endLeftRunning(folder));
    console.log(lines.join("\n"));
    return failed ? code || 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The closing lines, the counts last, and whether the run as a whole failed. `result` is missing where vitest broke down; `left` are the
 * lines on processes that were left running, each of which is a failure.
 */
export function conclude(result = { passed: 0, failed: 0, skipped: [] }, code = 0, left = []) {
  const { passed, skipped } = result;
  // vitest fails for more than failing tests, a broken file or a rejection that nobody handled; the line must not say "0 failed" then
  const failed = Math.max(result.failed, code === 0 ? 0 : 1) + left.length;
  const lines = skipped.map(({ name, reason }) => `skipped: ${name}: ${reason}`);
  lines.push(...left);
  if (passed + result.failed === 0) lines.push("No test ran.");
  lines.push(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
  return { lines, failed: failed > 0 || passed === 0 };
}
