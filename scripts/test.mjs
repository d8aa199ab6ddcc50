// npm test: vitest, and after it one plain last line that a machine can read.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { foreground } from "./setup/process.mjs";

const reporter = fileURLToPath(new URL("test-reporter.mjs", import.meta.url));

/** Runs the tests and resolves with the exit code: not 0 if one failed, and if none ran. */
export async function test(projectDir, args, env) {
  const folder = mkdtempSync(join(tmpdir(), "airbyte-on-pulumi-test-"));
  const resultFile = join(folder, "result.json");
  try {
    const vitest = join(projectDir, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", `--reporter=${reporter}`];
    const code = await foreground(process.execPath, [vitest, "run", ...reporters, ...args], {
      cwd: projectDir,
      env: { ...env, TEST_RESULT_FILE: resultFile },
    });
    const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, "utf8")) : undefined;
    const { lines, failed } = conclude(result, code);
    console.log(lines.join("\n"));
    return failed ? code || 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The closing lines, the counts last, and whether the run as a whole failed. `result` is missing where vitest broke down. */
export function conclude(result = { passed: 0, failed: 0, skipped: [] }, code = 0) {
  const { passed, skipped } = result;
  // vitest fails for more than failing tests, a broken file or a rejection that nobody handled; the line must not say "0 failed" then
  const failed = Math.max(result.failed, code === 0 ? 0 : 1);
  const lines = skipped.map(({ name, reason }) => `skipped: ${name}: ${reason}`);
  if (passed + result.failed === 0) lines.push("No test ran.");
  lines.push(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
  return { lines, failed: failed > 0 || passed === 0 };
}
