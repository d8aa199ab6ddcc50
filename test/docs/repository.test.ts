import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { projectDir } from "./pages.ts";

// What GitHub and Renovate read of the repository. Neither is asked: GitHub's own parser is, and the rest is held against the files.

const read = (...path: string[]) => readFileSync(join(projectDir, ...path), "utf8");

test("the workflow runs what everybody runs, with actions pinned by commit and no rights but to read", () => {
  const content = read(".github/workflows/check.yml");
  const { context } = parseWorkflow({ name: "check.yml", content }, new NoOperationTraceWriter());
  expect(context.errors.getErrors()).toEqual([]);
  const { permissions, jobs } = parse(content) as {
    permissions: object;
    jobs: { check: { permissions: object; steps: { uses?: string; run?: string }[] } };
  };
  expect([permissions, jobs.check.permissions]).toEqual([{}, { contents: "read" }]);
  for (const { uses } of jobs.check.steps) if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  const { run = "" } = jobs.check.steps.at(-1) ?? {};
  expect(existsSync(join(projectDir, run))).toBe(true);
});

test("Renovate finds every pin that no package manager has", () => {
  const { customManagers } = JSON.parse(read("renovate.json")) as {
    customManagers: { managerFilePatterns: string[]; matchStrings: string[]; depNameTemplate?: string }[];
  };
  const found = customManagers.flatMap(({ managerFilePatterns: [pattern = ""], matchStrings, depNameTemplate }) => {
    const file = pattern.slice(2, -2).replaceAll("\\", "");
    const [expression = ""] = matchStrings;
    return [...read(...file.split("/")).matchAll(new RegExp(expression, "g"))].map(({ groups = {} }) => {
      return [depNameTemplate ?? groups.depName, groups.currentValue];
    });
  });
  expect(found.map(([name]) => name)).toEqual(["pulumi/pulumi", "airbyte", "rancher/k3s", "caddy"]);
  for (const [, version] of found) expect(version).toMatch(/\d+\.\d+/);
});

test("forms for issues have what GitHub demands of them, and ask for the doctor's report", () => {
  const forms = readdirSync(join(projectDir, ".github/ISSUE_TEMPLATE")).filter((file) => file !== "config.yml");
  expect(forms).toEqual(["bug.yml", "wish.yml"]);
  for (const form of forms) {
    const { name, description, body } = parse(read(".github/ISSUE_TEMPLATE", form)) as {
      name: string;
      description: string;
      body: { type: string; id: string; attributes: { label: string; options?: string[] } }[];
    };
    expect([typeof name, typeof description]).toEqual(["string", "string"]);
    expect(new Set(body.map(({ id }) => id)).size).toBe(body.length);
    for (const { type, attributes } of body) {
      expect(["textarea", "dropdown", "input"]).toContain(type);
      expect(attributes.label).not.toBe("");
    }
  }
  expect(read(".github/ISSUE_TEMPLATE/bug.yml")).toContain("npm run doctor");
});
