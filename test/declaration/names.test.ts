import { describe, expect, test } from "vitest";
import { faker, mistakesOf } from "./project.ts";

describe("names", () => {
  test.each([
    [
      "a name in Airbyte that is too long",
      `sources: { a: { definitionId: ${faker}, name: ${"n".repeat(257)} } }`,
      "pipelines.yaml:1:75 sources.a.name: a name in Airbyte has at most 256 characters",
    ],
    [
      "a name that is JavaScript's",
      'sources: { "${each}": { forEach: [__proto__], connector: faker } }',
      "pipelines.yaml:1:12 sources.__proto__: the name __proto__ is not allowed",
    ],
  ])("%s is a mistake", (_, text, expected) => {
    expect(mistakesOf(text)).toEqual([expected]);
  });

  test("the length of a name is counted in characters", () => {
    const text = (count: number) => `sources: { "${"🎉".repeat(count)}": { definitionId: ${faker} } }`;
    expect(mistakesOf(text(100))).toEqual([]);
    expect(mistakesOf(text(101))).toEqual([expect.stringMatching(/a name has at most 100 characters; found 101$/)]);
  });

  test("names that JavaScript's objects have too are names like any other", () => {
    const text = `sources: { constructor: { definitionId: ${faker} } }\nconnections: { c: { source: toString, destination: valueOf } }`;
    expect(mistakesOf(text)).toEqual([
      expect.stringContaining('there is no source "toString"'),
      expect.stringContaining('there is no destination "valueOf"'),
    ]);
  });
});
