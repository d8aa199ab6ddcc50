import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { loadPipelines } from "../../declaration/declare.ts";
import { sections } from "../../providers/airbyte/kinds/names.ts";
import { faker, load, mistakesOf, postgres, project, values } from "./project.ts";

const source = `{ definitionId: ${faker} }`;

describe("one file or many", () => {
  test("the files of the folder named like the main file are merged into it", () => {
    const { sources, destinations, connections } = load({
      "pipelines.yaml": `sources: { users: ${source} }`,
      "pipelines/a.yaml": `destinations: { warehouse: { definitionId: ${postgres} } }`,
      "pipelines/b.yml": `connections: { c: { source: users, destination: warehouse } }`,
      "pipelines/.hidden.yaml": "[",
      "pipelines/readme.md": "[",
      "pipelines/more/c.yaml": "[",
    });
    expect([sources, destinations, connections].map((map) => Object.keys(map))).toEqual([
      ["users"],
      ["warehouse"],
      ["c"],
    ]);
  });

  test("another main file has a folder of its own name", () => {
    const files = {
      "eu/flows.yaml": "sources: {}",
      "eu/flows/a.yaml": `sources: { a: ${source} }`,
      "eu/pipelines/b.yaml": "[",
    };
    expect(Object.keys(loadPipelines(project(files), "eu/flows.yaml", values()).sources)).toEqual(["a"]);
  });

  test("a name declared in two files is a mistake that names both", () => {
    const files = { "pipelines.yaml": `sources:\n  a: ${source}`, "pipelines/x.yaml": `\nsources:\n  a: ${source}` };
    expect(mistakesOf(files)).toEqual([
      `pipelines/x.yaml:3:3 sources.a: the name "a" is already taken, in pipelines.yaml:2; names are unique in a kind`,
    ]);
  });

  test("a source and a destination may have the same name", () => {
    expect(mistakesOf(`sources: { a: ${source} }\ndestinations: { a: ${source} }`)).toEqual([]);
  });

  test("defaults of a kind given in two files are a mistake that names both", () => {
    const text = "defaults: { sources: { configuration: {} } }";
    expect(mistakesOf({ "pipelines.yaml": text, "pipelines/x.yaml": text })).toEqual([
      "pipelines/x.yaml:1:13 defaults.sources: the defaults of sources are already set, in pipelines.yaml; set them once",
    ]);
  });

  test("mistakes of all files come in one error, which Pulumi prints without a stack trace", () => {
    const folder = project({ "pipelines.yaml": "a: 1", "pipelines/x.yaml": "b: 1" });
    const load = () => loadPipelines(folder, "pipelines.yaml", values());
    expect(load).toThrow(
      /^2 mistakes in pipelines.yaml, pipelines\/x.yaml:\n {2}pipelines.yaml:1:4 a: .*\n {2}pipelines\/x.yaml:1:4 b: .*$/,
    );
    expect(load).toThrow(expect.toSatisfy((error) => RunError.isInstance(error)));
  });
});

describe("files that can't be used", () => {
  test.each(["", "\n", "# later\n", "---\n"])(
    "a file without content (%j) is not the wish to delete everything",
    (text) => {
      const empty = "is empty; for no pipelines at all write `sources: {}`";
      expect(mistakesOf(text)).toEqual([`pipelines.yaml ${empty}`]);
      expect(mistakesOf({ "pipelines.yaml": "sources: {}", "pipelines/a.yaml": text })).toEqual([
        `pipelines/a.yaml ${empty}`,
      ]);
    },
  );

  test("sections without entries declare nothing", () => {
    const nothing = Object.fromEntries(sections.map((kind) => [kind, {}]));
    expect(load("sources: {}")).toEqual(nothing);
    expect(load("sources:\nconnections:\ntags:\ndefaults:\n")).toEqual(nothing);
  });

  test("a missing main file is said in one sentence", () => {
    expect(mistakesOf({ "pipelines/a.yaml": "sources: {}" })).toEqual([
      "pipelines.yaml there is no such file; it declares the pipelines (for none at all: `sources: {}`)",
    ]);
  });

  test("a folder in place of the main file is said in one sentence", () => {
    const folder = project({});
    mkdirSync(join(folder, "pipelines.yaml"));
    expect(() => loadPipelines(folder, "pipelines.yaml", values())).toThrow(
      /pipelines.yaml is a folder; expected a file$/,
    );
  });

  test.each([
    ["a syntax error", "a: [1", /^pipelines.yaml:1:6 not valid YAML: .*\]$/],
    [
      "a duplicate key",
      `sources:\n  a: ${source}\n  a: ${source}`,
      /^pipelines.yaml:3:3 not valid YAML: the key a is there already; keys of a map must be unique$/,
    ],
    ["a duplicate key in quotes", `"a b": 1\n"a b": 2`, /^pipelines.yaml:2:1 not valid YAML: the key "a b" is there/],
    ["several documents", "a: 1\n---\nb: 1", /^pipelines.yaml:2:1 the file holds several documents \(---\); use one$/],
    ["an unknown tag", "sources: !env x", /^pipelines.yaml:1:10 not valid YAML: Unresolved tag: !env$/],
    [
      "a list at the top",
      "- a",
      /^pipelines.yaml:1:1 expected a map with sources, destinations and connections; found a list$/,
    ],
    ["a value at the top", "a", /^pipelines.yaml:1:1 expected a map with .*; found a single value$/],
    [
      "a __proto__ key",
      "sources:\n  a: { configuration: { __proto__: { x: 1 } } }",
      /^pipelines.yaml:2:25 the key __proto__ is not allowed$/,
    ],
    ["a key that isn't text", "? [a]\n: 1", /^pipelines.yaml:1:3 a key must be text$/],
    [
      "an alias without anchor",
      "sources: *x",
      /^pipelines.yaml:1:10 an alias .* refers to no anchor .* above it; a text that begins with \* needs quotes$/,
    ],
    ["a cycle", "sources: &x\n  a: { configuration: *x }", /^pipelines.yaml:2:23 \*x contains itself$/],
    [
      "a number that would lose digits",
      "sources: { a: { configuration: { id: 12345678901234567890 } } }",
      /:1:38 the number is too large to be kept exactly; put it in quotes$/,
    ],
    [
      "a number that JSON lacks",
      "sources: { a: { configuration: { x: .inf } } }",
      /:1:37 \.inf is not a number that JSON knows$/,
    ],
    ["no number", "sources: { a: { configuration: { x: .nan } } }", /:1:37 \.nan is not a number that JSON knows$/],
    [
      "a number beyond all that can be held",
      "sources: { a: { configuration: { x: 1e400 } } }",
      /:1:37 the value is not a number that JSON knows$/,
    ],
  ])("%s is one clear mistake with its place", (_, text, expected) => {
    expect(mistakesOf(text)).toEqual([expect.stringMatching(expected)]);
  });

  test("an alias bomb is refused at once", () => {
    const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(i === 1 ? "*a" : `*a${i - 1}`)
          .join(", ")}]`,
      );
    expect(mistakesOf(lines.join("\n"))).toEqual([expect.stringMatching(/^pipelines.yaml stands for more than 10 MB/)]);
  });

  test("-0 is 0, and a date is text as it is written", () => {
    const values = "{ neg: -0, float: -0.0, list: [-0], day: 2026-01-31, time: 2026-01-31T10:00:00Z, clock: 12:30:00 }";
    const { configuration } =
      load(`sources: { a: { definitionId: ${faker}, configuration: ${values} } }`).sources.a ?? {};
    expect(configuration).toStrictEqual({
      ...{ neg: 0, float: 0, list: [0] },
      ...{ day: "2026-01-31", time: "2026-01-31T10:00:00Z", clock: "12:30:00" },
    });
  });

  test("aliases and merge keys work", () => {
    const text = `sources:\n  a: &a { definitionId: ${faker}, configuration: &c { count: 1 } }\n  b: { <<: *a, name: B }\n  c: { definitionId: ${faker}, configuration: *c }`;
    expect(load(text).sources.b).toEqual({ definitionId: faker, configuration: { count: 1 }, name: "B" });
    expect(load(text).sources.c?.configuration).toEqual({ count: 1 });
  });
});
