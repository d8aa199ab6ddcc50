// npm run check: all three checks, even if the first one fails.
import { join } from "node:path";
import { foreground } from "./setup/process.mjs";

const checks = [
  { name: "types", script: "typescript/bin/tsc", args: ["--noEmit"] },
  { name: "rules", script: "eslint/bin/eslint.js", args: ["."] },
  { name: "format", script: "prettier/bin/prettier.cjs", args: ["--check", "--log-level=warn", "."] },
];

/** Resolves with the number of checks that failed, which is the exit code. */
export async function check(projectDir) {
  let failures = 0;
  for (const { name, script, args } of checks) {
    const code = await foreground(process.execPath, [join(projectDir, "node_modules", script), ...args], {
      cwd: projectDir,
    });
    console.log(`check ${name}: ${code === 0 ? "ok" : "FAILED"}`);
    if (code !== 0) failures++;
  }
  return failures;
}
