import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import * as door from "../../providers/airbyte/index.ts";
import { lookedAtBy, typesOnly } from "./classification.ts";
import { pages, projectDir } from "./pages.ts";
import { examplesSuppose, typeErrors } from "./typescript.ts";

const blocks = pages
  .flatMap((page) => page.blocks)
  .filter(({ language, section }) => language === "ts" && !(section in lookedAtBy));
const folder = mkdtempSync(join(tmpdir(), "docs-ts-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the TypeScript of the docs has no type error", { timeout: 120_000 }, () => {
  const modules = blocks.map(({ section, line, text }) => {
    const name = `${section.replaceAll(/\W+/g, "-")}-${line}.ts`;
    return [name, `${text}\nexport {};\n`] as const;
  });
  expect(typeErrors({ "examples-suppose.ts": examplesSuppose, ...Object.fromEntries(modules) })).toEqual([]);
  expect(typeErrors({ "wrong.ts": `${examplesSuppose}new Source("x", { airbyte, connecter: "faker" });` })).not.toEqual(
    [],
  );
});

let declared: string[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource({ name, type, inputs }) {
      declared.push(type);
      return { id: `id-of-${name}`, state: inputs as object };
    },
    call: () => ({}),
  });
  pulumi.runtime.setAllConfig({}, []);
  const airbyte = { url: "http://127.0.0.1:1", workspaceId: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13" };
  const source = new door.Source("source", { airbyte, connector: "faker", configuration: {} });
  const destination = new door.Destination("destination", { airbyte, connector: "postgres", configuration: {} });
  const config = { require: (name: string) => name, requireSecret: (name: string) => pulumi.secret(`secret-${name}`) };
  const ends = { source, users: source, sheet: source, shop: source, destination, warehouse: destination };
  Object.assign(globalThis, door, { airbyte, config, ...ends, parse, readFileSync: readManifest });
});

describe("the TypeScript of the docs declares resources", () => {
  const declaring = blocks.filter(({ text }) => newResources(text) > 0);
  test.for(declaring)("$section, line $line", async ({ section, line, text }, context) => {
    const reason = Object.entries(typesOnly).find(([part]) => text.includes(part))?.[1];
    if (reason !== undefined) return context.skip(reason);
    declared = [];
    const file = join(folder, `${section.replaceAll(/\W+/g, "-")}-${line}.ts`);
    const doorFile = JSON.stringify(join(projectDir, "providers/airbyte/index.ts"));
    writeFileSync(file, text.replaceAll(/"(\.\/providers\/airbyte\/index\.ts|airbyte-on-pulumi)"/g, doorFile));
    await import(file);
    await vi.waitFor(() => {
      expect(declared.length).toBeGreaterThanOrEqual(newResources(text));
    }, 10_000);
  });
});

function newResources(text: string): number {
  return text.match(/\bnew [A-Z]\w+\(["`]/g)?.length ?? 0;
}

/** The manifest of the examples, which nobody has. */
function readManifest(path: string, encoding: "utf8"): string {
  return path === "shop.yaml" ? "streams: []" : readFileSync(path, encoding);
}
