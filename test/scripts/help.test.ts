import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folding, projectDir } from "./modules.ts";

const manifest = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
// prepack is npm's own to run.
const scripts = Object.fromEntries(Object.entries(manifest.scripts).filter(([name]) => name !== "prepack"));
const parts = { bench: ["syncs", "pipelines"] };
const calls = Object.keys(scripts).flatMap((name) => {
  const further = Object.entries(parts).find(([one]) => one === name)?.[1] ?? [];
  return [{ name, part: "" }, ...further.map((part) => ({ name, part }))];
});

/** As npm would: the script's own line, with further arguments. */
function run(name: string, ...args: string[]) {
  const [node, script = "", ...words] = scripts[name]?.split(" ") ?? [];
  expect(node).toBe("node");
  return spawnSync(process.execPath, [script, ...words, ...args], { cwd: projectDir, encoding: "utf8" });
}

test.each(calls)("npm run $name $part explains itself with --help, on one screen", ({ name, part }) => {
  for (const option of ["--help", "-h"]) {
    const { status, stdout, stderr } = run(name, ...(part ? [part] : []), option);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^npm (run )?${name}\\b`));
    expect(stdout).toContain(part);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(30);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test("a command that nobody knows gets the list of all, with what each is for", () => {
  const wrong = spawnSync(process.execPath, ["scripts/run.mjs", "toString"], { cwd: projectDir, encoding: "utf8" });
  expect(wrong.status).toBe(2);
  for (const name of Object.keys(scripts))
    expect(wrong.stderr).toMatch(new RegExp(`^  npm (run )?${name} +\\S+ `, "m"));
  const asked = spawnSync(process.execPath, ["scripts/run.mjs", "--help"], { cwd: projectDir, encoding: "utf8" });
  expect([asked.status, asked.stdout]).toEqual([0, wrong.stderr]);
});

test("what a command quotes gives no orders to the terminal", () => {
  const { status, stderr } = run("package", "\u001b[2J\u202e");
  expect(status).not.toBe(0);
  expect(stderr).toContain("\\u001b[2J\\u202e");
  expect(stderr).not.toMatch(/[\u001b\u202e]/);
});

test("long lines are broken at a space, under the text; a narrow terminal gets shorter ones", () => {
  expect(folding.fold("  --diff     show a preview, field by field, of all that changes", 40)).toBe(
    "  --diff     show a preview, field by\n             field, of all that changes",
  );
  expect(folding.fold("short\n\n  line", 40)).toBe("short\n\n  line");
  expect(folding.fold("x".repeat(50), 40)).toBe("x".repeat(50));
});
