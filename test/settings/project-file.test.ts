import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../settings/config.ts";
import { settingKeys, settings } from "../../settings/settings.ts";

interface ProjectFile {
  config: Record<string, { type: string; description: string; default: unknown }>;
}

const text = readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8");
const { config } = parse(text) as ProjectFile;

test("Pulumi.yaml explains every setting of the program, in its own words", () => {
  const comments = text.replaceAll(/\s*\n\s*#\s*/g, " ").replaceAll(/ +/g, " ");
  for (const [key, { about }] of Object.entries(settings)) {
    if (key in config) expect(config[key]?.description).toBe(about);
    else expect(comments).toContain(` ${key} ${about}`);
  }
});

test("every setting that Pulumi.yaml declares has type, description and a default: without one Pulumi would demand it of each stack", () => {
  for (const [key, declared] of Object.entries(config)) {
    expect(settingKeys).toContain(key);
    expect(declared).toEqual({
      type: expect.any(String) as string,
      description: expect.any(String) as string,
      default: expect.anything() as unknown,
    });
  }
});

test("the defaults of Pulumi.yaml are those of the program", () => {
  const withoutAny = readConfig(new pulumi.Config("test"));
  const given = Object.entries(config).map(([key, { default: value }]) => [
    `test:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(given) as Record<string, string>);
  expect(readConfig(new pulumi.Config("test"))).toEqual(withoutAny);
});

test("Pulumi.dev.yaml holds settings only, no salt and no secret", () => {
  const stack = parse(readFileSync(new URL("../../Pulumi.dev.yaml", import.meta.url), "utf8")) as object;
  expect(stack).toEqual({ config: { "airbyte-on-pulumi:target": "embedded" } });
});
