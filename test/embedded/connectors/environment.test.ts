import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  buildPlan,
  environmentPlans,
  lockFile,
  pythonEnvironment,
  uvPlan,
} from "../../../embedded/connectors/python/environments.ts";
import { needsConnector } from "./real.ts";

describe("the list of an environment's packages", () => {
  test.each([uvPlan, buildPlan, ...environmentPlans])(
    "of $name is locked with hashes, and names no registry",
    (plan) => {
      const lock = readFileSync(lockFile(plan.name), "utf8");
      for (const requirement of plan.requirement.split("\n")) expect(lock).toContain(`${requirement} `);
      if (plan.override) expect(lock).toContain(`${plan.override.replace(/\[.*\]/, "")} `);
      const packages = lock.split(/\n(?=\S)/);
      for (const text of packages) expect(text).toMatch(/^[\w.-]+==\S+ .*\\\n {4}--hash=sha256:[\da-f]{64}/);
      expect(lock).not.toMatch(/:\/\/|--index|--find-links/);
    },
  );
});

test("an environment is installed, and the same for all who ask", async (context) => {
  await needsConnector(context, "source-hardcoded-records");
  const asked = [1, 2].map(() => pythonEnvironment("source-hardcoded-records", () => undefined));
  const [first, second] = await Promise.all(asked);
  expect(first).toBe(second);
  expect(existsSync(join(first?.bin ?? "", "source-hardcoded-records"))).toBe(true);
}, 900_000);

test("a name that nobody knows is refused", async () => {
  await expect(pythonEnvironment("source-nothing", () => undefined)).rejects.toThrow(
    "There is no Python environment source-nothing",
  );
});
