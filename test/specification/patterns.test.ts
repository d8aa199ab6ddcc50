import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../embedded/json.ts";
import { validateConfiguration } from "../../embedded/platform/actors.ts";
import { checkConfiguration } from "../../providers/airbyte/specification/check.ts";
import { Pattern, patterns } from "../../specification/patterns.ts";

const ENDLESS = "^(a+)+$";
const hostile = `${"a".repeat(60)}!`;

test.each([
  ["^[a-z]+$", "abc", true],
  ["^[a-z]+$", "ab1", false],
  ["^(?!x)", "xa", false], // what RE2 doesn't know
  ["^\\p{L}+$", "é", true],
  ["^[\\w-.]+(x|y)$", "a-.x", true], // right only without the flag u
])("%s, %s: %s", (source, text, matches) => {
  expect(new Pattern(source).test(text)).toBe(matches);
  expect(new Pattern(source).test(text)).toBe(matches);
});

test("what is no expression is an error, as ever", () => {
  expect(() => new Pattern("(")).toThrow(SyntaxError);
});

describe("one that would try for ever", () => {
  test("ends, and is no mistake", () => {
    expect(new Pattern(ENDLESS).test(hostile)).toBe(true);
    expect(new Pattern(ENDLESS).test("b")).toBe(false);
  });

  test("ends in a specification, too, and the other mistakes are told", () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string", pattern: ENDLESS }, port: { type: "integer" } },
      patternProperties: { [ENDLESS]: {} },
    };
    const configuration = { name: hostile, port: "many", [hostile]: "x" };
    const { mistakes } = checkConfiguration(configuration, { connector: "x", schema });
    expect(mistakes.map(({ path }) => path)).toEqual([["configuration", "port"]]);
    const ajv = new Ajv({ strict: false, allErrors: true, code: { regExp: patterns } });
    expect(ajv.validate(schema, { name: hostile, port: 1 })).toBe(true);
  });
});

test("thousands of them keep nobody waiting either, nor does a simple one on a long text; then nobody knows", () => {
  const begun = performance.now();
  expect(new Pattern("a*b").test("a".repeat(1_000_000))).toBe(true);
  for (let number = 0; number < 1_000; number++) new Pattern(`^(a+)+${number}$`).test(hostile);
  const almost = new Pattern(ENDLESS);
  for (let times = 0; times < 100; times++) almost.test(`${"a".repeat(22)}!`);
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test("after a moment patterns are asked again", async () => {
  for (let number = 0; number < 10; number++) new Pattern(`^(a+)+${number}$`).test(hostile);
  expect(new Pattern("^(x)$").tell("y")).toBeUndefined();
  await new Promise(setImmediate);
  expect(new Pattern("^(x)$").tell("y")).toBe(false);
});

describe("a specification that means more than can be looked at", () => {
  const definitions: JsonObject = { a0: { type: "string", minLength: 5 } };
  for (let depth = 1; depth <= 40; depth++) {
    const before = { $ref: `#/definitions/a${depth - 1}` };
    definitions[`a${depth}`] = { allOf: [before, before] };
  }
  const schema = { definitions, properties: { name: { $ref: "#/definitions/a40" } } };

  test.each(["short", "long enough"])(
    "is refused, or left to Airbyte, and costs its time once: %s",
    (name) => {
      const begun = performance.now();
      for (let times = 0; times < 3; times++) {
        expect(() => validateConfiguration(schema, { name })).toThrow(
          expect.objectContaining({ text: expect.stringContaining("is too complex") as string }),
        );
        expect(checkConfiguration({ name }, { connector: "x", schema }).mistakes).toEqual([]);
      }
      expect(performance.now() - begun).toBeLessThan(8_000);
    },
    20_000,
  );

  test("is refused as well where only its secrets take too long to tell", () => {
    const many = Array.from({ length: 10_000 }, (_, key) => key);
    const schema = { additionalProperties: { allOf: many.map((key) => ({ title: `${key}` })) } };
    const configuration = Object.fromEntries(many.map((key) => [`k${key}`, "v"]));
    const begun = performance.now();
    expect(() => validateConfiguration(schema, configuration)).toThrow(
      expect.objectContaining({ text: expect.stringContaining("is too complex") as string }),
    );
    expect(performance.now() - begun).toBeLessThan(4_000);
  }, 20_000);

  test("is none where it only refers to the same thing often", () => {
    const thing = {
      properties: Object.fromEntries(Array.from({ length: 100 }, (_, key) => [key, { type: "string" }])),
    };
    const often = Array.from({ length: 3_000 }, (_, key) => [key, { $ref: "#/definitions/thing" }]);
    const schema = { definitions: { thing }, properties: Object.fromEntries(often) as JsonObject };
    expect(() => validateConfiguration(schema, { 1: { 2: "x" } })).not.toThrow();
    expect(checkConfiguration({ 1: { 2: 3 } }, { connector: "x", schema }).mistakes).toHaveLength(1);
  });
});
