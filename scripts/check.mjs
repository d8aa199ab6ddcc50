// npm run check: all checks, even if the first one fails.
import { join } from "node:path";
import { foreground, quietly } from "./setup/process.mjs";

const checks = [
  { name: "types", script: "typescript/bin/tsc", args: ["--noEmit"] },
  { name: "types of the page", script: "typescript/bin/tsc", args: ["--project", "embedded/page"] },
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
  const audit = readAudit(await quietly("npm", ["audit", "--json"], { cwd: projectDir }));
  console.log(`check audit: ${audit.words}`);
  return failures + audit.failures;
}

/** What `npm audit --json` says of known holes in the packages: a high one is a failure, and a registry that has no answer is none. */
export function readAudit({ stdout, output }) {
  const report = parse(stdout);
  const found = report.metadata?.vulnerabilities;
  if (!found) {
    const reason = report.message ?? output.split("\n")[0];
    return { failures: 0, words: `skipped, the registry has no answer (${reason})` };
  }
  const bad = Object.values(report.vulnerabilities).filter(({ severity }) => ["high", "critical"].includes(severity));
  if (bad.length === 0) return { failures: 0, words: `ok (${found.total} findings, none of them high)` };
  return { failures: 1, words: `FAILED: ${bad.map(({ name, severity }) => `${name} (${severity})`).join(", ")}` };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
