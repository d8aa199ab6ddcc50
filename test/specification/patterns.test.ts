import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
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
    expect(mistakes).toEqual([expect.stringContaining("configuration.port: expected integer")]);
    const ajv = new Ajv({ strict: false, allErrors: true, code: { regExp: patterns } });
    expect(ajv.validate(schema, { name: hostile, port: 1 })).toBe(true);
  });
});
