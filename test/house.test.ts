import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { blocksOf } from "./docs/pages.ts";

// `npm run check` asks dependency-cruiser whether the rooms import as they may. Here is a house in which they don't.

const checkout = join(import.meta.dirname, "..");
const cruiser = join(checkout, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");

/** Names of the rules that these files break. */
function broken(files: Record<string, string>): string[] {
  const house = mkdtempSync(join(tmpdir(), "house-"));
  onTestFinished(() => {
    rmSync(house, { recursive: true });
  });
  for (const file of [".dependency-cruiser.mjs", "tsconfig.json"]) cpSync(join(checkout, file), join(house, file));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), text);
  }
  const args = [cruiser, "--config", ".dependency-cruiser.mjs", "--output-type", "json", ...Object.keys(files)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: house, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
}

test.each([
  ["downwards", { "infra/a.ts": 'import "../errors/b.ts";', "errors/b.ts": "" }, []],
  ["upwards", { "errors/a.ts": 'import "../infra/b.ts";', "infra/b.ts": "" }, ["below-errors"]],
  [
    "upwards for a type alone",
    { "providers/a.ts": 'import type { B } from "../declaration/b.ts";', "declaration/b.ts": "export type B = 1;" },
    ["below-providers"],
  ],
  [
    "in a circle of types",
    {
      "errors/a.ts": 'import type { B } from "./b.ts"; export type A = B;',
      "errors/b.ts": 'import type { A } from "./a.ts"; export type B = A;',
    },
    ["no-circles"],
  ],
  [
    "past the embedded Airbyte's door",
    { "infra/targets/a.ts": 'import "../../embedded/launch.ts";', "embedded/launch.ts": "" },
    ["one-door-of-the-embedded-airbyte"],
  ],
  [
    "the embedded Airbyte from where it isn't started",
    { "providers/airbyte/session.ts": 'import "../../embedded/index.ts";', "embedded/index.ts": "" },
    ["who-starts-the-embedded-airbyte"],
  ],
  ["a test", { "scripts/a.ts": 'import "../test/b.ts";', "test/b.ts": "" }, ["users-run-no-tests"]],
])("an import %s is told apart", (_, files, rules) => {
  expect(broken(files)).toEqual(rules);
});

test("the picture of the house shows the rooms that there are", () => {
  const [picture = ""] = blocksOf("CONTRIBUTING.md#the-house", "text");
  const rooms = [...picture.matchAll(/\b([a-z]+)\//g)].map(([, room]) => room);
  const others = ["bench", "docs", "examples", "fuzz", "node_modules", "policy", "scripts", "test", "toolchain"];
  const folders = readdirSync(checkout, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .filter((name) => ![...others, "dist", "pipelines"].includes(name));
  expect(rooms.sort()).toEqual(folders.sort());
});
