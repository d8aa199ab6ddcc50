import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { targets } from "../../settings/settings.ts";
import { lookedAtBy } from "../docs/classification.ts";
import { pages } from "../docs/pages.ts";
import { mistakesOf } from "./stack.ts";

interface StackFile {
  config?: Record<string, unknown>;
}

const stacks = pages
  .flatMap(({ blocks }) => blocks)
  .filter(({ language, section }) => language === "yaml" && !(section in lookedAtBy))
  .flatMap(({ section, text }) => {
    const { config } = parse(text) as StackFile;
    return config === undefined ? [] : [{ section, config }];
  });
const targetOf = (config: Record<string, unknown>) => config["airbyte-on-pulumi:target"] as string;

const secrets: Record<string, Record<string, string>> = {
  existing: { "secret clientSecret": "x" },
  kubernetes: { "secret databasePassword": "x", "secret storageSecretKey": "x" },
};

beforeEach(() => void vi.stubEnv("AWS_PROFILE", "test"));
afterEach(() => void vi.unstubAllEnvs());

test("the docs have a stack file for every target but the one that needs none", () => {
  const shown = new Set(stacks.map(({ config }) => targetOf(config)));
  expect([...shown].sort()).toEqual(
    Object.keys(targets)
      .filter((name) => name !== "embedded")
      .sort(),
  );
});

test.each(stacks.map(({ section, config }) => [section, targetOf(config), config] as const))(
  "the stack file in %s for %s is complete but for its secrets",
  (_, target, config) => {
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
