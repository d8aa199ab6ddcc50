// npm run check: all checks, even if the first one fails.
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { UserError } from "../../errors/user-error.ts";
import { foreground, quietly } from "../setup/process.mjs";
import type { Call } from "./command.ts";

/** Resolves with the exit code. */
export async function checkProject({ projectDir, args, env }: Call): Promise<number> {
  const files = args.map((file) => inside(projectDir, env.INIT_CWD ?? projectDir, file));
  if (files.length > 0) return checkFiles(projectDir, files);
  let failures = 0;
  for (const { name, script, args: given } of checksOfAll(projectDir)) {
    const program = join(projectDir, "node_modules", script);
    failures += told(name, await foreground(process.execPath, [program, ...given], { cwd: projectDir }));
  }
  const audit = readAudit(await quietly("npm", ["audit", "--json"], { cwd: projectDir }));
  console.log(`check audit: ${audit.words}`);
  return failures + audit.failures;
}

/** All at once: each takes seconds. */
async function checkFiles(projectDir: string, files: readonly string[]): Promise<number> {
  const failures = await Promise.all(
    checksOf(files).map(async ({ name, script, args }) => {
      const program = join(projectDir, "node_modules", script);
      const { code, output } = await quietly(process.execPath, [program, ...args], { cwd: projectDir });
      if (output !== "") console.log(output);
      return told(name, code);
    }),
  );
  return failures.reduce((sum, count) => sum + count, 0);
}

/** Says how a check has ended, and counts a failure. */
function told(name: string, code: number): number {
  console.log(`check ${name}: ${code === 0 ? "ok" : "FAILED"}`);
  return code === 0 ? 0 : 1;
}

const [tsc, eslint, prettier] = ["typescript/bin/tsc", "eslint/bin/eslint.js", "prettier/bin/prettier.cjs"];
const cruiser = "dependency-cruiser/bin/dependency-cruiser.mjs";
const format = ["--check", "--log-level=warn", "--ignore-unknown"];

interface Check {
  name: string;
  /** In node_modules. */
  script: string;
  args: readonly string[];
}

/** Of what tsconfig.json leaves out. */
const typesOfJavaScript: Check[] = [
  { name: "types of the page", script: tsc, args: ["--project", "embedded/page"] },
  { name: "types of set-up", script: tsc, args: ["--project", "scripts/setup"] },
];

function checksOfAll(projectDir: string): Check[] {
  const directions = ["--config", ".dependency-cruiser.mjs", "--output-type", "err", "main.mjs", ...codeIn(projectDir)];
  return [
    { name: "types", script: tsc, args: ["--noEmit"] },
    ...typesOfJavaScript,
    { name: "directions", script: cruiser, args: directions },
    { name: "rules", script: eslint, args: ["."] },
    { name: "format", script: prettier, args: [...format, "."] },
  ];
}

/** A type can be wrong anywhere once a file has changed; what the compiler knows of the others it keeps. */
function checksOf(files: readonly string[]): Check[] {
  const known = "node_modules/.cache/tsc.tsbuildinfo";
  const isJavaScript = (file: string) => ["embedded/page/", "scripts/setup/"].some((folder) => file.startsWith(folder));
  return [
    { name: "types", script: tsc, args: ["--noEmit", "--incremental", "--tsBuildInfoFile", known] },
    ...(files.some(isJavaScript) ? typesOfJavaScript : []),
    { name: "rules", script: eslint, args: ["--no-warn-ignored", "--no-error-on-unmatched-pattern", ...files] },
    { name: "format", script: prettier, args: [...format, ...files] },
  ];
}

/** The files and folders of the code, tests apart, relative to the project; tsconfig.json has the list. */
export function codeIn(projectDir: string): string[] {
  const { include } = JSON.parse(readFileSync(join(projectDir, "tsconfig.json"), "utf8")) as { include: string[] };
  return include.filter((name) => name !== "test" && existsSync(join(projectDir, name)));
}

/** Relative to the project; npm changes into it, and what somebody names is seen from where they are. */
function inside(projectDir: string, from: string, file: string): string {
  const path = resolve(from, file);
  if (!existsSync(path)) throw new UserError(`There is no file ${file}.`, { exitCode: 2 });
  return relative(projectDir, path);
}

/** What `npm audit --json` says of known holes in the packages: a high one is a failure, and a registry that has no answer is none. */
export function readAudit({ stdout, output }: { stdout: string; output: string }): { failures: number; words: string } {
  const report = parseReport(stdout);
  const found = report.metadata?.vulnerabilities;
  if (!found) {
    const reason = report.message ?? output.split("\n")[0];
    return { failures: 0, words: `skipped, the registry has no answer (${reason ?? ""})` };
  }
  const all = Object.values(report.vulnerabilities ?? {});
  const bad = all.filter(({ severity }) => ["high", "critical"].includes(severity));
  if (bad.length === 0) return { failures: 0, words: `ok (${found.total} findings, none of them high)` };
  return { failures: 1, words: `FAILED: ${bad.map(({ name, severity }) => `${name} (${severity})`).join(", ")}` };
}

interface Report {
  message?: string;
  metadata?: { vulnerabilities?: { total: number } };
  vulnerabilities?: Record<string, { name: string; severity: string }>;
}

function parseReport(text: string): Report {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return {};
  }
}
