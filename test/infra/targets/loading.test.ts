import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const checkout = join(import.meta.dirname, "../../..");

/** The packages that a process asks for which loads these files of ours. */
function packagesOf(...files: string[]): string[] {
  const script = `
    const asked = new Set();
    require("node:module").registerHooks({
      resolve(specifier, context, next) {
        if (!/^[.\\/]|^node:|^file:/.test(specifier)) asked.add(specifier);
        return next(specifier, context);
      },
    });
    Promise.all(${JSON.stringify(files)}.map((file) => import(file))).then(() => console.log(JSON.stringify([...asked])));`;
  const urls = files.map((file) => `file://${join(checkout, file)}`);
  const text = script.replace(JSON.stringify(files), JSON.stringify(urls));
  return JSON.parse(execFileSync(process.execPath, ["-e", text], { cwd: checkout }).toString()) as string[];
}

const clouds = /^@pulumi\/(aws|docker|kubernetes)|^@peculiar|^reflect-metadata/;

test("what every stack loads, program and provider, has no cloud's SDK and no library for certificates in it", () => {
  const files = ["settings/config.ts", "infra/targets/index.ts"];
  const packages = packagesOf(...files, "providers/dynamic.ts");
  expect(packages).toContain("@pulumi/pulumi");
  expect(packages.filter((name) => clouds.test(name))).toEqual([]);
});

test("a cloud's target loads its own", () => {
  expect(packagesOf("infra/targets/docker.ts").filter((name) => clouds.test(name))).toEqual(["@pulumi/docker"]);
  expect(packagesOf("infra/targets/aws/aws.ts")).toContain("@pulumi/aws");
});

test("the embedded Airbyte's door loads no package: its server is a process of its own", () => {
  expect(packagesOf("embedded/index.ts")).toEqual([]);
});

test("a program of resource classes alone, and what only looks for names in the pipelines, loads no zod", () => {
  const packages = packagesOf("providers/airbyte/index.ts", "declaration/names.ts");
  expect(packages).toContain("@pulumi/pulumi");
  expect(packages).not.toContain("zod");
});
