import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { targets } from "../../infra/settings.ts";
import { readPage } from "../docs/pages.ts";
import { mistakesOf } from "./stack.ts";

const { blocks } = readPage("docs/targets.md");
const stacks = blocks
  .filter(({ language }) => language === "yaml")
  .map(({ text }) => (parse(text) as { config: Record<string, unknown> }).config);
const targetOf = (config: Record<string, unknown>) => config["airbyte-on-pulumi:target"] as string;

const secrets: Record<string, Record<string, string>> = {
  existing: { "secret clientSecret": "x" },
  kubernetes: { "secret databasePassword": "x", "secret storageSecretKey": "x" },
};

beforeEach(() => void vi.stubEnv("AWS_PROFILE", "test"));
afterEach(() => void vi.unstubAllEnvs());

test("docs/targets.md has a stack file for every target but the one that needs none", () => {
  expect(stacks.map(targetOf).sort()).toEqual(
    Object.keys(targets)
      .filter((name) => name !== "embedded")
      .sort(),
  );
});

test.each(stacks.map((config) => [targetOf(config), config] as const))(
  "the stack file of docs/targets.md for %s is complete but for its secrets",
  (target, config) => {
    const settings = Object.entries(config).map(([key, value]) => [
      key.replace("airbyte-on-pulumi:", ""),
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const root =
      target === "existing" ? {} : { "secret rootSecret": "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ" };
    expect(
      mistakesOf({ ...(Object.fromEntries(settings) as Record<string, string>), ...root, ...secrets[target] }),
    ).toEqual([]);
  },
);
