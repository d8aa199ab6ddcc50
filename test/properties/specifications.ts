import fc from "fast-check";

type Schema = Record<string, unknown>;

/** A value with a secret in it, and the schema that says so, made from the inside out. */
interface Nested {
  schema: Schema;
  value: unknown;
  /** From the value to the secret. */
  path: (string | number)[];
}

/** A configuration of a connector, its specification, and where in it the secret is that it marks. */
export interface Marked {
  specification: Schema;
  configuration: Record<string, unknown>;
  path: (string | number)[];
  /** By what it was put together, the innermost first. */
  keywords: string[];
}

interface Wrapper {
  keyword: string;
  /** False where the value would be refused, or where the draft that the embedded Airbyte checks by can't read it. */
  valid: boolean;
  /** @param definitions gets what references lead to */
  wrap: (inner: Nested, definitions: Record<string, Schema>) => Nested;
}

const key = (schema: (inner: Schema) => Schema): Wrapper["wrap"] => {
  return ({ schema: inner, value, path }) => ({
    schema: schema(inner),
    value: { k_1: value },
    path: ["k_1", ...path],
  });
};
const item = (before: unknown[], schema: (inner: Schema) => Schema): Wrapper["wrap"] => {
  return ({ schema: inner, value, path }) => ({
    schema: schema(inner),
    value: [...before, value],
    path: [before.length, ...path],
  });
};
const same = (schema: (inner: Schema, value: unknown) => Schema): Wrapper["wrap"] => {
  return (inner) => ({ ...inner, schema: schema(inner.schema, inner.value) });
};
const referred = (
  place: string,
  reference: (name: string) => string,
  beside: (name: string) => Schema = () => ({}),
) => {
  return (inner: Nested, definitions: Record<string, Schema>): Nested => {
    const name = `n ${Object.keys(definitions).length}/x`;
    definitions[`${place} ${name}`] = { ...inner.schema, ...beside(name.replace(/\W/g, "")) };
    return { ...inner, schema: { $ref: reference(name) } };
  };
};
const pointer = (name: string) => name.replaceAll("/", "~1");
const never = { type: "null" };

const wrappers: Wrapper[] = [
  { keyword: "properties", valid: true, wrap: key((inner) => ({ properties: { k_1: inner } })) },
  {
    keyword: "patternProperties",
    valid: true,
    wrap: key((inner) => ({ patternProperties: { "^x": {}, "_\\d$": inner } })),
  },
  {
    keyword: "additionalProperties",
    valid: true,
    wrap: key((inner) => ({ properties: { other: {} }, additionalProperties: inner })),
  },
  { keyword: "unevaluatedProperties", valid: true, wrap: key((inner) => ({ unevaluatedProperties: inner })) },
  { keyword: "items", valid: true, wrap: item([], (inner) => ({ type: "array", items: inner })) },
  { keyword: "items, a tuple", valid: true, wrap: item(["a"], (inner) => ({ items: [{}, inner] })) },
  { keyword: "prefixItems", valid: true, wrap: item(["a"], (inner) => ({ prefixItems: [{}, inner] })) },
  {
    keyword: "additionalItems",
    valid: true,
    wrap: item(["a"], (inner) => ({ items: [{ type: "string" }], additionalItems: inner })),
  },
  { keyword: "contains", valid: true, wrap: item([1, 2], (inner) => ({ contains: inner })) },
  {
    keyword: "unevaluatedItems",
    valid: true,
    wrap: item(["a"], (inner) => ({ prefixItems: [{}], unevaluatedItems: inner })),
  },
  { keyword: "allOf", valid: true, wrap: same((inner) => ({ allOf: [{ title: "x" }, inner] })) },
  { keyword: "anyOf", valid: true, wrap: same((inner) => ({ anyOf: [never, inner] })) },
  { keyword: "oneOf", valid: true, wrap: same((inner) => ({ oneOf: [never, inner] })) },
  { keyword: "then", valid: true, wrap: same((inner) => ({ if: {}, then: inner })) },
  { keyword: "else", valid: true, wrap: same((inner) => ({ if: never, else: inner })) },
  { keyword: "if", valid: true, wrap: same((inner) => ({ if: inner })) },
  { keyword: "not", valid: false, wrap: same((inner) => ({ not: inner })) },
  { keyword: "dependentSchemas", valid: true, wrap: same((inner) => ({ dependentSchemas: { k_1: inner } })) },
  {
    keyword: "dependencies",
    valid: true,
    wrap: same((inner) => ({ dependencies: { mode: ["mode"], k_1: inner } })),
  },
  {
    keyword: "oneOf by a constant",
    valid: true,
    wrap: ({ schema, value, path }) => {
      const branch = (mode: string, inside: Schema) => ({ properties: { mode: { const: mode }, k_1: inside } });
      return {
        schema: { oneOf: [branch("a", { title: "plain" }), branch("b", schema)] },
        value: { mode: "b", k_1: value },
        path: ["k_1", ...path],
      };
    },
  },
  {
    keyword: "oneOf by a constant that the value doesn't have",
    valid: false,
    wrap: ({ schema, value, path }) => ({
      schema: { oneOf: ["a", "b"].map((mode) => ({ properties: { mode: { enum: [mode] }, k_1: schema } })) },
      value: { mode: "c", k_1: value },
      path: ["k_1", ...path],
    }),
  },
  {
    keyword: "$ref to definitions",
    valid: true,
    wrap: referred("definitions", (name) => `#/definitions/${pointer(name)}`),
  },
  {
    keyword: "$ref to $defs",
    valid: true,
    wrap: referred("$defs", (name) => `#/$defs/${encodeURIComponent(pointer(name))}`),
  },
  {
    keyword: "$ref to an anchor",
    valid: false,
    wrap: referred(
      "$defs",
      (name) => `#${name.replace(/\W/g, "")}`,
      (name) => ({ $anchor: name }),
    ),
  },
  {
    keyword: "$ref to a schema that contains itself",
    valid: true,
    wrap: ({ schema, value, path }, definitions) => {
      const name = `tree${Object.keys(definitions).length}`;
      const $ref = `#/definitions/${name}`;
      definitions[`definitions ${name}`] = { properties: { next: { $ref }, leaf: schema } };
      return { schema: { $ref }, value: { next: { next: { leaf: value } } }, path: ["next", "next", "leaf", ...path] };
    },
  },
  // It leads nowhere, and hides nothing that is beside it.
  {
    keyword: "$ref to nothing",
    valid: false,
    wrap: same((inner) => ({ allOf: [{ $ref: "#/definitions/lost" }, { $ref: "https://example.com/x" }, inner] })),
  },
];

/** @param onlyValid what the embedded Airbyte takes */
export function marked(secret: string, onlyValid = false): fc.Arbitrary<Marked> {
  const usable = wrappers.filter(({ valid }) => valid || !onlyValid);
  return fc.array(fc.constantFrom(...usable), { maxLength: 6 }).map((chosen) => {
    const definitions: Record<string, Schema> = {};
    const leaf: Nested = { schema: { type: "string", airbyte_secret: true }, value: secret, path: [] };
    const nested = chosen.reduce((inner, { wrap }) => wrap(inner, definitions), leaf);
    const under = (place: string) =>
      Object.fromEntries(
        Object.entries(definitions).flatMap(([name, schema]) =>
          name.startsWith(`${place} `) ? [[name.slice(place.length + 1), schema]] : [],
        ),
      );
    return {
      specification: {
        type: "object",
        properties: { region: { type: "string" }, held: nested.schema },
        definitions: under("definitions"),
        $defs: under("$defs"),
      },
      configuration: { region: "eu-central-1", held: nested.value },
      path: ["held", ...nested.path],
      keywords: chosen.map(({ keyword }) => keyword),
    };
  });
}

/** What somebody may have written for a specification. */
export const junk: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(true, null, 1, "#", "#/properties/k_1", "(", "^(a+)+$", []),
    fc.array(tie("schema"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...["$ref", "$id", "$anchor", "properties", "patternProperties", "additionalProperties", "items", "oneOf"],
        ...[
          "allOf",
          "if",
          "not",
          "contains",
          "const",
          "enum",
          "k_1",
          "(",
          "__proto__",
          "contentSchema",
          "airbyte_secret",
        ],
      ),
      tie("schema"),
      { maxKeys: 4 },
    ),
  ),
})).schema;
