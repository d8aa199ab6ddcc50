import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policies } from "../../policy/policies.ts";

interface Package {
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")) as Package;

test("the pack, which may be published alone, asks for the same versions as the project", () => {
  const { dependencies, devDependencies } = read("package.json");
  const all = { ...dependencies, ...devDependencies };
  for (const [name, version] of Object.entries(read("policy/package.json").dependencies)) {
    expect(all[name], name).toBe(version);
  }
});

test("every policy has a name of its own, a description and a level", () => {
  expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
  for (const { description, enforcementLevel } of policies) {
    expect(description).toMatch(/\.$/);
    expect(enforcementLevel).toMatch(/^(mandatory|remediate)$/);
  }
});
