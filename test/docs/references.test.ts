import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { projectDir } from "./pages.ts";

test("the references are what npm run docs makes of the code today", { timeout: 120_000 }, async () => {
  const run = promisify(execFile)(process.execPath, ["scripts/run.mjs", "docs", "--check"], { cwd: projectDir });
  expect((await run).stdout).toBe(
    "docs/pipelines.md is up to date\ndocs/resources.md is up to date\ndocs/targets.md is up to date\n",
  );
});
