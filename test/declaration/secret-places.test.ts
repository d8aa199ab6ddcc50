import { describe, expect, test } from "vitest";
import { pipelinesJsonSchema } from "../../declaration/json-schema.ts";
import { sections as all } from "../../providers/airbyte/kinds/names.ts";
import { mistakesOf, values } from "./project.ts";

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  $ref?: string;
}
interface Place {
  path: (string | number)[];
  /** A map, or a list of maps: all of it may have been written as one text. */
  holdsMaps: boolean;
}

/** Without the references that may stand for any value. */
const formsOf = (schema: Schema) => (schema.anyOf ?? [schema]).filter(({ $ref }) => $ref === undefined);

/** Every place of an entry of each kind, as the schema has them. */
function placesOf(schema: Schema, path: Place["path"]): Place[] {
  const forms = formsOf(schema);
  const isMap = (form: Schema | undefined): boolean => form?.type === "object";
  const holdsMaps =
    !forms.some(({ type }) => type === "string") && forms.every((form) => isMap(form) || isMap(form.items));
  return [
    { path, holdsMaps },
    ...forms.flatMap(({ properties = {}, items, additionalProperties }) => [
      ...Object.entries(properties).flatMap(([key, inner]) => placesOf(inner, [...path, key])),
      ...(items ? placesOf(items, [...path, 0]) : []),
      ...(additionalProperties ? [{ path: [...path, "anything"], holdsMaps: false }] : []),
    ]),
  ];
}

const sections = pipelinesJsonSchema().properties as unknown as Record<string, Schema>;
const entryOf = (section: Schema) =>
  formsOf(section).find(({ additionalProperties }) => typeof additionalProperties === "object")
    ?.additionalProperties as Schema;
const places = all.flatMap((kind) => placesOf(entryOf(sections[kind]!), [kind, "entry"]));
/** Free values: what a connector, a mapper or a webhook is set up with. Names, ids and choices are no secrets: Airbyte shows them to everybody. */
const isFree = ({ path, holdsMaps }: Place) =>
  holdsMaps || ["anything", "secretId", "url"].includes(String(path.at(-1))) || path.at(-1) === "mapperConfiguration";

function written(path: Place["path"], value: unknown): string {
  const inside = [...path]
    .reverse()
    .reduce<unknown>((inner, step) => (step === 0 ? [inner] : { [step]: inner }), value);
  return JSON.stringify(inside);
}

describe("no message at load tells", () => {
  test("anything of what stands in a place that may hold a secret", () => {
    const free = places.filter(isFree);
    expect(free.length).toBeGreaterThan(60);
    for (const { path } of free) {
      for (const secret of [
        '{"password":"hunter2-of-7"}',
        "hunter2-of-7",
        "p${hunter2-of-7}x",
        "p${hunter2-of-7",
        83714069251,
      ]) {
        const told = mistakesOf(written(path, secret)).join("\n");
        expect(told, path.join(".")).not.toMatch(/hunter2|83714069251/);
      }
    }
  });

  test("the value of a reference to a secret, or what stands for it meanwhile, wherever it is", () => {
    const stack = values({ x: "hunter2-of-7" });
    for (const { path } of places) {
      for (const reference of ["${secret:x}", "before ${secret:x} after"]) {
        const told = mistakesOf(written(path, reference), stack).join("\n");
        expect(told, path.join(".")).not.toMatch(/hunter2|[0-9a-f]{8}-[0-9a-f]{4}-/);
      }
    }
  });

  test.each([
    ["a number of many digits", "83714069251837140692"],
    ["a tag", "!hunter2-of-7"],
    ["a tag of YAML's", "!!hunter2-of-7"],
    ["a verbatim tag", "!<hunter2-of-7> x"],
    ["a tag with a handle", "!h!hunter2-of-7 x"],
    ["an alias", "*hunter2-of-7"],
    ["a block's head", "|hunter2-of-7"],
    ["what follows a text in quotes", '"x" hunter2-of-7'],
    ["an escape", '"x\\hunter2-of-7"'],
    ["a text that never ends", '"hunter2-of-7'],
    ["a reserved character", "@hunter2-of-7"],
    ["a percent sign", "%hunter2-of-7"],
    ["a map in a line", "a: hunter2-of-7: b"],
  ])("what YAML itself takes a secret for: %s", (_, text) => {
    const told = mistakesOf(`sources:\n  a:\n    connector: faker\n    configuration:\n      password: ${text}\n`);
    expect(told.join("\n")).not.toMatch(/hunter2|83714069/);
  });

  test.each([
    [`sources: { a: '{"password":"hunter2"}' }`, "sources.a: expected a map; found a text"],
    [
      `sources: { a: { connector: faker, configuration: '{"password":"hunter2"}' } }`,
      "configuration: expected a map; found a text",
    ],
    ["destinations: { d: hunter2 }", "destinations.d: expected a map; found a text"],
    [
      "sources: { a: { connector: faker, secretId: 83714069251 } }",
      "secretId: expected text; found a number, which needs quotes",
    ],
  ])("%s: it tells the kind", (text, expected) => {
    expect(mistakesOf(text)).toEqual([expect.stringContaining(expected)]);
  });
});
