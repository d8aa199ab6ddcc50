import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { secretNames } from "../../../infra/pipelines/secret-names.ts";
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

test("the Pulumi SDK is not loaded for it", () => {
  const module = new URL("../../../infra/pipelines/secret-names.ts", import.meta.url).href;
  const program = `await import(${JSON.stringify(module)});
    const { createRequire } = await import("node:module");
    console.log(Object.keys(createRequire(${JSON.stringify(module)}).cache).filter((file) => /@pulumi|zod/.test(file)).length)`;
  expect(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }).trim()).toBe("0");
});
