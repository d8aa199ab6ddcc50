import { describe, expect, test } from "vitest";
import { Place, type Branches } from "../../specification/place.ts";

const secret = { airbyte_secret: true };

function place(schema: object, value: unknown, path: (string | number)[], branches?: Branches): Place {
  return path.reduce<Place>((inside, step) => inside.inside(step), Place.of(schema, value, branches));
}

describe("a mark", () => {
  // Those that hold values of their own are in test/properties/secrets.test.ts.
  test.each<[string, object, unknown]>([
    ["as a text, which Airbyte reads as one too", { airbyte_secret: "true" }, "v"],
    ["on the keys of a map is one on the map", { propertyNames: secret }, { k: "v" }],
    ["on what a text holds is one on the text", { contentSchema: { properties: { password: secret } } }, "{}"],
    ["on what may not be there at all", { $ref: "#/definitions/not", definitions: { not: { not: secret } } }, "v"],
    ["behind $recursiveRef", { anyOf: [{ properties: { x: { $recursiveRef: "#" } } }, secret] }, "v"],
    ["behind $dynamicRef", { $dynamicRef: "#node", $defs: { x: { $dynamicAnchor: "node", ...secret } } }, "v"],
    ["behind an anchor of draft 6", { $ref: "#node", definitions: { x: { $id: "#node", ...secret } } }, "v"],
    [
      "behind the specification's own address",
      {
        $id: "https://example.com/spec.json",
        $ref: "https://example.com/spec.json#/definitions/x",
        definitions: { x: secret },
      },
      "v",
    ],
    [
      "in a document inside of the specification",
      { $ref: "inner.json#/$defs/y", $defs: { x: { $id: "https://example.com/inner.json", $defs: { y: secret } } } },
      "v",
    ],
  ])("%s", (_, schema, value) => {
    expect(Place.of(schema, value).isSecret).toBe(true);
  });

  test.each([
    ["takes too long", "^(a+)+$"],
    ["can't be read", "(?<x"],
  ])("on other keys counts where the pattern of some %s", (_, pattern) => {
    const schema = { patternProperties: { [pattern]: {} }, additionalProperties: secret };
    expect(place(schema, {}, [`${"a".repeat(60)}!`]).isSecret).toBe(true);
  });

  test.each<[string, object]>([
    ["false", { airbyte_secret: false }],
    ["in an example", { examples: [secret], default: secret, const: secret, title: "airbyte_secret" }],
    [
      "behind a reference to elsewhere",
      { $ref: "https://example.com/other.json#/definitions/x", definitions: { x: secret } },
    ],
    ["that is another key's", { properties: { key: { ...secret } } }],
  ])("that is none: %s", (_, schema) => {
    expect(Place.of(schema, "v").isSecret).toBe(false);
  });
});

describe("a oneOf", () => {
  const branch = (mode: object, key: object) => ({ properties: { mode, key } });
  const schema = {
    oneOf: [branch({ const: "KEY" }, secret), { $ref: "#/definitions/open" }],
    definitions: { open: { properties: { mode: { $ref: "#/definitions/name" }, key: {} } }, name: { enum: ["NONE"] } },
  };
  test.each<[unknown, Branches, boolean]>([
    [{ mode: "KEY" }, "named", true],
    [{ mode: "NONE" }, "named", false],
    [{ mode: "NONE" }, "all", true],
    [{ mode: "OTHER" }, "named", true],
    [{ mode: null }, "named", true],
    [{}, "named", true],
    ["not even a map", "named", true],
  ])("of %j, by branches: %s", (value, branches, isSecret) => {
    expect(place(schema, value, ["key"], branches).isSecret).toBe(isSecret);
  });

  test("whose branches have the same constant is decided by all that have it", () => {
    const twice = { oneOf: [branch({ const: "A" }, {}), branch({ const: "A" }, secret), branch({ const: "B" }, {})] };
    expect(place(twice, { mode: "A" }, ["key"], "named").isSecret).toBe(true);
    expect(place(twice, { mode: "B" }, ["key"], "named").isSecret).toBe(false);
  });
});

test("of keys, those that a specification lists are named, others at most described, and some not even that", () => {
  const schema = { properties: { a: {} }, patternProperties: { "^x": {} }, allOf: [{ properties: { b: {} } }] };
  const told = ["a", "b", "x1", "c", "constructor", "__proto__"].map((key) => {
    const { isNamed, isDescribed } = place(schema, {}, [key]);
    return [key, isNamed ? "named" : isDescribed ? "described" : "unknown"];
  });
  expect(Object.fromEntries(told)).toEqual({
    ...{ a: "named", b: "named", x1: "described", c: "unknown", constructor: "unknown" },
    ["__proto__"]: "unknown",
  });
  expect(Place.of(schema, {}).keys).toEqual(["a", "b"]);
  expect(place(schema, {}, ["a"]).keys).toBeUndefined();
});

test("additionalProperties say nothing of keys that are listed beside them, or fit a pattern there", () => {
  const schema = { properties: { a: {} }, patternProperties: { "^x": {} }, additionalProperties: secret };
  const found = ["a", "x1", "b"].map((key) => place(schema, {}, [key]).isSecret);
  expect(found).toEqual([false, false, true]);
});

test.each([
  ["never ends", "^(a+)+$"],
  ["has repetitions after each other", "^a*a*a*a*a*a*a*a*a*b$"],
  ["JavaScript can't read", "(?P<name>x)"],
])("a pattern that %s may mean any key, and holds nobody up", (_, pattern) => {
  const before = performance.now();
  const schema = { patternProperties: { [pattern]: secret } };
  for (let count = 0; count < 100; count++) {
    expect(place(schema, {}, [`${"a".repeat(60)}_${count}`]).isSecret).toBe(true);
  }
  expect(performance.now() - before).toBeLessThan(5_000);
});

test.each([
  ["^\\p{L}+$", "é", true],
  ["^[\\w-.]+$", "a-b", true],
  ["^(s_|t_)+x$", "s_t_x", true],
  ["^(s_|t_)+x$", "s_t_y", false],
])("a pattern is read as it is meant: %s, %s", (pattern, key, isSecret) => {
  expect(place({ patternProperties: { [pattern]: secret } }, {}, [key]).isSecret).toBe(isSecret);
});

test("secrets that may lie in a value are foretold, in circles too", () => {
  const schema = { definitions: { tree: { properties: { next: { $ref: "#/definitions/tree" }, leaf: secret } } } };
  const holding = { ...schema, properties: { tree: { $ref: "#/definitions/tree" }, plain: { type: "object" } } };
  expect(place(holding, {}, ["tree", "next", "next"]).mayHoldSecrets).toBe(true);
  expect(place(holding, {}, ["plain"]).mayHoldSecrets).toBe(false);
});
