import { expect, test } from "vitest";
import { faker, load, mistakesOf, postgres } from "./project.ts";

const source = `definitionId: ${faker}`;

test("renamedFrom is a name or a list of them, of every kind, and of copies by their items", () => {
  const { sources, tags, connections } = load(`
sources:
  a: { ${source}, renamedFrom: b }
  "\${each}-shop": { forEach: [de, fr], ${source}, renamedFrom: "shop-\${each}" }
destinations: { d: { definitionId: ${postgres} } }
connections: { c: { source: a, destination: d, renamedFrom: [b, bb] } }
tags: { t: { color: 1F77B4, renamedFrom: b } }`);
  expect([sources.a, sources["de-shop"], sources["fr-shop"]].map((entry) => entry?.renamedFrom)).toEqual([
    ["b"],
    ["shop-de"],
    ["shop-fr"],
  ]);
  expect([connections.c?.renamedFrom, tags.t?.renamedFrom]).toEqual([["b", "bb"], ["b"]]);
});

test("an earlier name that is still declared, the entry's own, or two entries' is a mistake where it stands", () => {
  const mistakes = mistakesOf(`
sources:
  a: { ${source} }
  b: { ${source}, renamedFrom: a }
  c: { ${source}, renamedFrom: c }
  d: { ${source}, renamedFrom: [x, y] }
  e: { ${source}, renamedFrom: y }
destinations: { a: { definitionId: ${postgres}, renamedFrom: x } }`);
  expect(mistakes).toEqual([
    expect.stringMatching(/:4:.*sources\.b\.renamedFrom.*"a" is still declared, in pipelines\.yaml:3;/),
    expect.stringMatching(/:5:.*sources\.c\.renamedFrom.*the entry's own name/),
    expect.stringMatching(/:7:.*sources\.e\.renamedFrom.*"d" is renamed from "y" too/),
  ]);
});

test("what Airbyte can't rename needs its name beside the earlier one", () => {
  const text = (more: string) => `applications: { loader: { renamedFrom: scheduler${more} } }`;
  expect(mistakesOf(text(""))).toEqual([
    expect.stringMatching(/applications\.loader\.renamedFrom.*can't change the name of this kind.*name: "scheduler"/),
  ]);
  expect(mistakesOf(text(", name: scheduler"))).toEqual([]);
});

test("an earlier name that is no name is told", () => {
  expect(mistakesOf(`sources: { a: { ${source}, renamedFrom: { name: b } } }`)).toEqual([
    expect.stringMatching(/sources\.a\.renamedFrom.*expected the name that the entry had before/),
  ]);
});
