import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { secretNames } from "../../declaration/names.ts";
import { project } from "./project.ts";

test("names of all secrets come sorted and once, from every file, from defaults and templates", () => {
  const folder = project({
    "pipelines.yaml": `
defaults: { sources: { configuration: { a: "\${secret:shared}" } } }
sources: { x: { configuration: { p: ["a \${secret:z} \${secret:b}"], q: "$\${secret:no} \${config:no}" } } }`,
    "pipelines/more.yaml": `sources: { "s-\${each}": { forEach: [1, 2], configuration: { p: "\${secret:shop\${each}}", q: "\${secret:b}" } } }`,
  });
  expect(secretNames(folder)).toEqual(["b", "shared", "shop1", "shop2", "z"]);
});

test("another main file can be given", () => {
  const folder = project({ "flows.yaml": "sources: { x: { secretId: '${secret:a}' } }" });
  expect(secretNames(folder, "flows.yaml")).toEqual(["a"]);
});

test("mistakes in declarations don't matter, what isn't YAML does", () => {
  expect(secretNames(project({ "pipelines.yaml": "nonsense: 1\nsources: { x: { y: '${secret:a} ${z}' } }" }))).toEqual([
    "a",
  ]);
  expect(() => secretNames(project({ "pipelines.yaml": "[" }))).toThrow(/not valid YAML/);
});

test("neither the Pulumi SDK nor zod is loaded for it: scripts call it on every start", () => {
  const module = new URL("../../declaration/names.ts", import.meta.url).href;
  const program = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import(${JSON.stringify(module)});
    console.log(JSON.stringify(loaded));`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const packages = (JSON.parse(out) as string[]).flatMap(
    (url) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(url)?.[1] ?? [],
  );
  expect([...new Set(packages)].sort()).toEqual(["fastest-levenshtein", "yaml"]);
});
