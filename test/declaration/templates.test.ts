import { describe, expect, test } from "vitest";
import { faker, load, mistakesOf, postgres, values } from "./project.ts";

describe("forEach", () => {
  test("makes one declaration for every item, with the item in name and values", () => {
    const text = `
sources:
  shop-\${each}:
    forEach: [de, fr]
    definitionId: ${faker}
    configuration: { host: "\${each}.example.com", list: ["\${each}"] }`;
    expect(load(text).sources).toEqual({
      "shop-de": { definitionId: faker, configuration: { host: "de.example.com", list: ["de"] } },
      "shop-fr": { definitionId: faker, configuration: { host: "fr.example.com", list: ["fr"] } },
    });
  });

  test("items may be maps, and a text that is nothing but ${each.…} keeps the type of the part", () => {
    const text = `
sources:
  shop-\${each.id}:
    forEach: [{ id: 1, db: { ports: [5432] , on: true } }]
    definitionId: ${faker}
    configuration: { id: "\${each.id}", text: "no. \${each.id}", db: "\${each.db}", on: "\${each.db.on}", port: "\${each.db.ports.0}" }`;
    expect(load(text).sources["shop-1"]?.configuration).toEqual({
      id: 1,
      text: "no. 1",
      db: { ports: [5432], on: true },
      on: true,
      port: 5432,
    });
  });

  test("200 connections are a few lines, each with its own secret", () => {
    const shops = Array.from({ length: 200 }, (_, index) => `s${index}`);
    const text = `
defaults:
  sources: { definitionId: ${faker} }
  connections: { destination: warehouse, schedule: { cron: "0 0 6 * * ?" } }
sources:
  shop-\${each}: { forEach: &shops [${shops.join(", ")}], configuration: { password: "\${secret:\${each}Password}" } }
destinations: { warehouse: { definitionId: ${postgres} } }
connections:
  shop-\${each}: { forEach: *shops, source: "shop-\${each}" }`;
    const stack = values(Object.fromEntries(shops.map((shop) => [`${shop}Password`, `secret of ${shop}`])));
    const { sources, connections } = load(text, stack);
    expect(sources["shop-s199"]?.configuration).toEqual({ password: "secret of s199" });
    expect(Object.keys(connections)).toHaveLength(200);
    expect(connections["shop-s7"]?.source).toBe("shop-s7");
  });

  test("an empty list makes nothing", () => {
    expect(load("sources: { 'a-${each}': { forEach: [] } }").sources).toEqual({});
  });

  test("$${each} stays a literal ${each}", () => {
    const text = `sources: { "a-\${each}": { forEach: [1], definitionId: ${faker}, configuration: { x: "$\${each}" } } }`;
    expect(load(text).sources["a-1"]?.configuration.x).toBe("${each}");
  });

  test("a mistake in a template is reported once, not for every copy", () => {
    const text = `sources: { "a-\${each}": { forEach: [1, 2, 3], definitionId: ${faker}, nam: x } }`;
    expect(mistakesOf(text)).toEqual([
      expect.stringMatching(/^pipelines.yaml:1:\d+ sources.a-1.nam: unknown key; did you mean "name"\?$/),
    ]);
  });

  test("a connection to an entry of a mistaken template is not called a mistake too", () => {
    const text = "sources: { 'a-${each}': { forEach: x } }\nconnections: { c: { source: a-1, destination: w } }";
    expect(mistakesOf(text)).toEqual([
      expect.stringContaining('sources["a-${each}"].forEach: expected a list'),
      expect.stringContaining('there is no destination "w"'),
    ]);
  });

  test.each([
    ["a name without ${each}", "a: { forEach: [1] }", "needs ${each} or ${each.…} in its name"],
    ["${each} in a name without forEach", "'a-${each}': {}", "${each} in a name needs forEach in the entry"],
    ["another reference in a name", "'a-${config:x}': {}", "a name can't hold ${…} here"],
    ["forEach that is no list", "'a-${each}': { forEach: 3 }", "expected a list, of single values or maps"],
    [
      "an item that is a list",
      "'a-${each}': { forEach: [[1]] }",
      "forEach[0]: expected a single value or a map; found a list",
    ],
    [
      "an item that is nothing",
      "'a-${each}': { forEach: [~] }",
      "forEach[0]: expected a single value or a map; found nothing",
    ],
    [
      "the same name twice",
      `'a-\${each}': { forEach: [1, 1], definitionId: ${faker} }`,
      'the name "a-1" is already taken',
    ],
    ["a part that the item lacks", "'a-${each.id}': { forEach: [{ ids: 1 }] }", 'no "id"; did you mean "ids"?'],
    ["a map within a text", "'a-${each}': { forEach: [{ id: 1 }] }", "${each} is a map and can't be part of a text"],
    [
      "a list within a text",
      "'a-${each.l}': { forEach: [{ l: [1] }] }",
      "${each.l} is a list and can't be part of a text",
    ],
    ["a forEach of itself", "'a-${each}': { forEach: '${each}' }", "forEach: refers to itself: ${each} stands for"],
    ["items of themselves", "'a-${each}': { forEach: [x, '${each.y}'] }", "forEach: refers to itself: ${each} stands"],
    ["an item that makes an empty name", "'${each}': { forEach: [''] }", 'makes the name "", which can\'t be one'],
  ])("%s is a mistake", (_, entry, expected) => {
    expect(mistakesOf(`sources: { ${entry} }`)).toEqual([expect.stringContaining(expected)]);
  });
});

describe("defaults", () => {
  const defaults = `
defaults:
  sources:
    definitionId: ${faker}
    configuration: { tunnel: { method: ssh, port: 22 }, tables: [a, b], password: "\${secret:p}" }
`;

  test("lie under every declaration of the kind: maps merge at every depth, everything else is replaced", () => {
    const text = `${defaults}sources: { a: { configuration: { tunnel: { port: 2222 }, tables: [c] } } }`;
    expect(load(text, values({ p: "s3cret" })).sources.a).toEqual({
      definitionId: faker,
      configuration: { tunnel: { method: "ssh", port: 2222 }, tables: ["c"], password: "s3cret" },
    });
  });

  test("a mistake in them is reported once, at its own place", () => {
    const text = "defaults:\n  connections:\n    status: on\nconnections: { a: { source: x, destination: y } }";
    expect(mistakesOf(text).filter((mistake) => mistake.includes("status"))).toEqual([
      'pipelines.yaml:3:13 defaults.connections.status: expected one of active, inactive; found "on"',
    ]);
  });

  test("an unknown kind, and a kind that is no map, are mistakes", () => {
    expect(mistakesOf("defaults: { source: {}, connections: [] }")).toEqual([
      'pipelines.yaml:1:13 defaults.source: unknown key; did you mean "sources"?',
      "pipelines.yaml:1:25 defaults.connections: expected a map; found a list",
    ]);
  });

  test("may not use ${each}", () => {
    expect(mistakesOf("defaults: { sources: { name: '${each}' } }")).toEqual([
      expect.stringContaining("${each} works only in an entry with forEach"),
    ]);
  });
});
