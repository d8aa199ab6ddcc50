import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parse } from "yaml";
import { pipelinesJsonSchema } from "../../declaration/json-schema.ts";
import { perform } from "../../scripts/commands/dispatch.ts";
import { schema } from "../../scripts/commands/project-commands.ts";
import { faker, project } from "./project.ts";

const root = new URL("../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");

const ajv = new Ajv({ allErrors: true });
formats.default(ajv);
const validate = ajv.compile(JSON.parse(read("pipelines.schema.json")) as object);
/** Where an editor would show a mistake. */
const flagged = (text: string) =>
  validate(parse(text)) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);

describe("pipelines.schema.json", () => {
  test("is what npm run schema writes today", () => {
    expect(read("pipelines.schema.json")).toBe(`${JSON.stringify(pipelinesJsonSchema(), undefined, 2)}\n`);
  });

  test("accepts the sample, which names it in its first line", () => {
    const sample = read("pipelines.yaml");
    expect(sample.split("\n")[0]).toBe("# yaml-language-server: $schema=./pipelines.schema.json");
    expect(flagged(sample)).toEqual([]);
  });

  test("accepts templates, references in any place, sections left empty, and keys left to defaults", () => {
    const text = `
defaults: { connections: { destination: w, schedule: { cron: "\${config:cron}" } } }
sources:
  s-\${each.id}:
    forEach: [{ id: 1, more: {} }]
    definitionId: "\${config:faker}"
    configuration: "\${each.more}"
destinations:
connections:
  c-\${each}: { forEach: [a], status: "\${config:status}", streams: "\${each.streams}" }
  c: { streams: [users, { name: x, primaryKey: [id, [a, b]], cursorField: [a] }] }`;
    expect(flagged(text)).toEqual([]);
  });

  test.each([
    ["an unknown key at the top", "sorces: {}", ""],
    ["an unknown key of a source", "sources: { a: { definitonId: x } }", "/sources/a"],
    ["a definitionId that is no id", "sources: { a: { definitionId: faker } }", "/sources/a/definitionId"],
    ["a secretId of a destination", "destinations: { a: { secretId: x } }", "/destinations/a"],
    ["an empty entry", "sources: { a: ~ }", "/sources/a"],
    ["an unknown status", "connections: { c: { status: paused } }", "/connections/c/status"],
    ["Unix cron", 'connections: { c: { schedule: { cron: "0 6 * * *" } } }', "/connections/c/schedule/cron"],
    [
      "an unknown sync mode",
      "connections: { c: { streams: [{ name: a, syncMode: x }] } }",
      "/connections/c/streams/0/syncMode",
    ],
    [
      "a stream without name",
      "connections: { c: { streams: [{ syncMode: incremental_append }] } }",
      "/connections/c/streams/0",
    ],
    [
      "a colour with #",
      `connections: { c: { tags: [{ tagId: ${faker}, workspaceId: ${faker}, name: a, color: "#123456" }] } }`,
      "/connections/c/tags/0/color",
    ],
    ["forEach that is no list", "sources: { 'a-${each}': { forEach: 3 } }", "/sources/a-${each}/forEach"],
    ["an unknown key in defaults", "defaults: { sources: { nam: x } }", "/defaults/sources"],
  ])("flags %s", (_, text, place) => {
    expect(flagged(text)).toContain(place);
  });

  test("describes every key, for the editor's help", () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      const { properties } = schema as { properties?: Record<string, { description?: string }> };
      for (const [key, property] of Object.entries(properties ?? {}))
        if (!property.description) undescribed.push(`${path}/${key}`);
      for (const [key, inner] of Object.entries(schema)) visit(inner, `${path}/${key}`);
    };
    visit(pipelinesJsonSchema(), "");
    expect(undescribed).toEqual([]);
  });
});

describe("npm run schema", () => {
  test("writes the same bytes as the files in the project, and --check then agrees", async () => {
    const folder = project({});
    const said = vi.fn<(line: string) => void>();
    for (const name of ["log", "error"] as const) vi.spyOn(console, name).mockImplementation(said);
    onTestFinished(() => void vi.restoreAllMocks());
    const run = (...given: string[]) => perform(schema, { projectDir: folder, given, env: {} });
    expect(await run("--check")).toBe(1);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("out of date"));
    expect(await run()).toBe(0);
    for (const file of ["pipelines.schema.json", "providers/airbyte/kinds/tag/args.ts"])
      expect(readFileSync(join(folder, file), "utf8")).toBe(read(file));
    expect(await run("--check")).toBe(0);
    expect(await perform(schema, { projectDir: fileURLToPath(root), given: ["--check"], env: {} })).toBe(0);
  });
});
