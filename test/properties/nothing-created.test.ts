import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadPipelines } from "../../declaration/declare.ts";
import { values } from "../declaration/project.ts";
import { mutatedDocument, written } from "./documents.ts";

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "nothing-created-"));
const registered: string[] = [];

beforeAll(async () => {
  process.chdir(folder);
  await pulumi.runtime.setMocks({
    newResource(args) {
      registered.push(args.name);
      return { id: args.name, state: args.inputs as object };
    },
    call: () => ({}),
  });
  pulumi.runtime.setAllConfig({
    "project:url": "https://airbyte.example.com",
    "project:target": "existing",
    "project:auth": "none",
  });
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** Runs the program itself, as Pulumi does. */
async function runProgram(text: string): Promise<void> {
  writeFileSync("pipelines.yaml", text);
  vi.resetModules();
  await import("../../index.ts");
}

function isRight(text: string): boolean {
  writeFileSync("pipelines.yaml", text);
  try {
    loadPipelines(folder, "pipelines.yaml", values());
    return true;
  } catch {
    return false;
  }
}

test("a document with a mistake creates nothing at all, not even what is right in it", async () => {
  const wrong = fc.asyncProperty(
    mutatedDocument.map((document) => written(document, true)),
    async (text) => {
      fc.pre(!isRight(text));
      await expect(runProgram(text)).rejects.toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
      expect(registered).toEqual([]);
      expect(existsSync(".airbyte")).toBe(false);
    },
  );
  await fc.assert(wrong, { numRuns: 40 });
}, 120_000);

test("one without does create", async () => {
  await runProgram('{"sources": {"a": {"connector": "faker"}}}');
  await pulumi.runtime.disconnect();
  expect(registered).toContain("a");
});
