import { expect, test } from "vitest";
import { mistakesOf, values } from "./project.ts";

const image = (tag: string) =>
  `sourceDefinitions: { erp: { dockerRepository: me/source-erp, dockerImageTag: ${tag} } }`;
const told = (found: string) =>
  `pipelines.yaml:1:78 sourceDefinitions.erp.dockerImageTag: expected text; found ${found}, which needs quotes to be text: "${found}"`;

test.each(["1.10", "0x10", "0o17", "1e3", "010", "+5", "-0", "1.0", "True", "false", "3"])(
  "%s is told to need quotes as it is written",
  (written) => {
    expect(mistakesOf(image(written))).toEqual([told(written)]);
  },
);

test("and is what it says in these quotes", () => {
  expect(mistakesOf(image('"1.10"'))).toEqual([]);
});

test.each(["yes", "no", "2026-01-31", "1_000", "12:30"])("%s is text", (written) => {
  expect(mistakesOf(image(written)).join()).not.toContain("quotes");
});

test("what is too large to be kept says so, and shows no other number", () => {
  expect(mistakesOf(image("12345678901234567890"))).toEqual([
    "pipelines.yaml:1:78 the number is too large to be kept exactly; put it in quotes",
  ]);
});

test("in defaults, and by an alias", () => {
  const expected = 'expected text; found 1.10, which needs quotes to be text: "1.10"';
  const entry = "erp: { dockerRepository: me/source-erp }";
  const inDefaults = `defaults: { sourceDefinitions: { dockerImageTag: 1.10 } }\nsourceDefinitions: { ${entry} }`;
  expect(mistakesOf(inDefaults)).toContainEqual(expect.stringContaining(expected));
  const byAlias = `sourceDefinitions:\n  a: { dockerRepository: me/a, dockerImageTag: &tag "1" }\n  b: { dockerRepository: me/b, dockerImageTag: &v 1.10 }\n  c: { dockerRepository: me/c, dockerImageTag: *v }`;
  const mistakes = mistakesOf(byAlias);
  expect(mistakes).toHaveLength(2);
  for (const mistake of mistakes) expect(mistake).toContain(expected);
});

test("what is written elsewhere is no hint: an item of forEach, a merged map, a number of the stack's", () => {
  const definition = (keys: string) => mistakesOf(`sourceDefinitions: { ${keys} }`, values({}, { version: "1.10" }));
  const each = '"x-${each}": { forEach: [1.10], dockerRepository: me/x, dockerImageTag: "${each}" }';
  expect(definition(each)).toEqual([expect.stringMatching(/expected text; where it is written it needs quotes$/)]);
  const merged = "a: { <<: { dockerImageTag: 1.10 }, dockerRepository: me/x }";
  expect(definition(merged)).toEqual([expect.stringMatching(/expected text; where it is written it needs quotes$/)]);
  const number = 'a: { dockerRepository: me/x, dockerImageTag: "${number:version}" }';
  expect(definition(number)).toEqual([expect.stringMatching(/expected text; \$\{config:NAME\} gives it as text$/)]);
});

test("colours, prefixes and formats too, whose digits are easily a number", () => {
  expect(mistakesOf("tags: { a: { color: 001234 } }")).toEqual([
    'pipelines.yaml:1:21 tags.a.color: expected text; found 001234, which needs quotes to be text: "001234"',
  ]);
  expect(mistakesOf("defaults: { connections: { prefix: 1.10 } }")).toEqual([
    'pipelines.yaml:1:36 defaults.connections.prefix: expected text; found 1.10, which needs quotes to be text: "1.10"',
  ]);
});
