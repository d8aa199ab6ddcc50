import { describe, expect, test } from "vitest";
import { load, mistakesOf } from "./project.ts";

const source = "{ connector: faker }";
const configured = (value: string) => `sources: { a: { connector: faker, configuration: { x: ${value} } } }`;

describe("YAML that stands for more than it is", () => {
  const bomb = (first: string, next: (name: string) => string) =>
    [`a0: &a0 ${first}`, ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} ${next(`*a${i}`)}`)].join("\n");
  const nine = (name: string) => Array(9).fill(name).join(", ");

  test.each([
    ["of lists", bomb("[x, x, x, x]", (name) => `[${nine(name)}]`)],
    ["of maps", bomb("{ k: x }", (name) => `{ ${[..."abcdefghi"].map((key) => `${key}: ${name}`).join(", ")} }`)],
    ["of merge keys", bomb("{ k: x }", (name) => `{ <<: [${nine(name)}] }`)],
    ["of one long text", `t: &t ${"x".repeat(100_000)}\nl: [${Array(500).fill("*t").join(", ")}]`],
    [
      "of one large map",
      `m: &m { ${Array.from({ length: 5000 }, (_, i) => `k${i}: 1`).join(", ")} }\nl: [${Array(500).fill("{ <<: *m }").join(", ")}]`,
    ],
  ])("a bomb %s is refused at once", (_, text) => {
    expect(mistakesOf(text)).toEqual([
      "pipelines.yaml stands for more than 10 MB once aliases, defaults and forEach are written out",
    ]);
  });

  test.each([
    [
      "copies",
      `sources: { "a-\${each}": { forEach: [${Array.from({ length: 20_000 }, (_, i) => i).join()}], configuration: { x: "${"x".repeat(1000)}" } } }`,
    ],
    [
      "large items",
      `sources: { "a-\${each.id}": { forEach: [{ id: 1, text: ${"x".repeat(100_000)} }], configuration: { x: "${"${each.text}".repeat(1000)}" } } }`,
    ],
  ])("so is a forEach with too many or %s", (_, text) => {
    expect(mistakesOf(text)).toEqual([
      expect.stringMatching(
        /^pipelines.yaml:1:\d+ sources.*forEach: with its copies the files declare more than 10 MB/,
      ),
    ]);
  });

  test("and defaults that are copied into too much", () => {
    const entries = Array.from({ length: 1000 }, (_, i) => `  s${i}: {}`).join("\n");
    const text = `sources:\n${entries}\ndefaults: { sources: { connector: faker, configuration: { x: ${"x".repeat(100_000)} } } }`;
    expect(mistakesOf(text)).toEqual([
      expect.stringMatching(/^pipelines.yaml:\d+:3 sources.s\d+: with this the files declare more than 10 MB/),
    ]);
  });

  test("an anchor may be used many times all the same", () => {
    const connections = Array.from({ length: 300 }, (_, i) => `  c${i}: { <<: *base, prefix: p${i} }`).join("\n");
    const text = `sources: { a: ${source} }\ndestinations: { b: ${source} }\nconnections:\n  base: &base { source: a, destination: b }\n${connections}`;
    expect(Object.keys(load(text).connections)).toHaveLength(301);
  });

  test.each([
    ["a list", configured("&x [*x]")],
    ["a map", configured("&x { y: *x }")],
    ["a merge key", "sources: &x { a: { <<: *x } }"],
    ["a list that a list is in", configured("&x [[[*x]]]")],
  ])("%s that contains itself is refused", (_, text) => {
    expect(mistakesOf(text)).toEqual([expect.stringMatching(/^pipelines.yaml:1:\d+ \*x contains itself$/)]);
  });

  test.each([
    ["brackets", "[".repeat(10_000)],
    ["closed brackets", `a: ${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    ["maps", configured(`${"{ a: ".repeat(10_000)}1${"}".repeat(10_000)}`)],
    ["lists in lines", "- ".repeat(10_000)],
    ["a little more than allowed", configured(`${"[".repeat(100)}${"]".repeat(100)}`)],
    [
      "what aliases put into one another",
      Array.from(
        { length: 20 },
        (_, i) => `a${i}: &a${i} ${"[".repeat(20)}${i ? `*a${i - 1}` : ""}${"]".repeat(20)}`,
      ).join("\n"),
    ],
  ])("a depth of %s is told as such", (_, text) => {
    expect(mistakesOf(text)).toEqual([
      expect.stringMatching(/^pipelines.yaml(:1:\d+)? is nested deeper than 100 levels$/),
    ]);
  });

  test("a file of 10 MB is not even read, and many keys or syntax errors are told in a few lines", () => {
    expect(mistakesOf("x".repeat(10_000_000))).toEqual(["pipelines.yaml is larger than 1 MB"]);
    expect(mistakesOf('""'.repeat(5_000))).toHaveLength(1); // the others are echoes of the first
    const text = Array.from({ length: 2_000 }, (_, i) => `k${i}: 1`).join("\n");
    expect(mistakesOf(text)).toHaveLength(2_000);
    expect(() => load(text)).toThrow(/^2000 mistakes[^]* … and 1900 more$/);
  });
});
