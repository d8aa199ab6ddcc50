import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigurationError } from "../../errors/user-error.ts";
import { loadPipelines } from "../../declaration/declare.ts";
import type { Pipelines } from "../../declaration/declare.ts";
import { values } from "../declaration/project.ts";
import { brokenText, mutatedDocument, validDocument, written, yamlishText } from "./documents.ts";

const SECRET = "s3cret-value";
const stack = values({ known: SECRET }, { known: "5432" });

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "properties-"))));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the text declares, or undefined where it is refused as it should be: in clear words, each mistake for itself. */
function load(text: string): Pipelines | undefined {
  writeFileSync(join(folder, "pipelines.yaml"), text);
  try {
    return loadPipelines(folder, "pipelines.yaml", stack);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.mistakes.length).toBeGreaterThan(0);
    for (const mistake of [...error.mistakes]) {
      expect(mistake).toMatch(/^pipelines\.yaml(:\d+:\d+)? \S[^\p{Cc}]*$/u);
      expect(mistake).not.toMatch(/undefined|NaN|\[object |call stack|\.ts:\d|node_modules/);
      expect(mistake).not.toContain(SECRET);
      expect(mistake.length).toBeLessThan(3000);
    }
    return undefined;
  }
}

const isRefusedOrLoaded = (text: string) => {
  const pipelines = load(text);
  if (pipelines) expect(Object.keys(pipelines)).toContain("connections");
};

test("any text is read, or refused in clear words", () => {
  const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), yamlishText, brokenText);
  fc.assert(fc.property(anyText, isRefusedOrLoaded), { numRuns: 1500 });
}, 120_000);

test("any change of a document leaves one that is read, or refused in clear words", () => {
  const changed = fc.property(mutatedDocument, fc.boolean(), (document, asJson) => {
    isRefusedOrLoaded(written(document, asJson));
  });
  fc.assert(changed, { numRuns: 1500 });
}, 120_000);

test("what is right is never refused, and declares exactly the names that it has", () => {
  const right = fc.property(validDocument, fc.boolean(), (document, asJson) => {
    const pipelines = loadPipelines(project(written(document, asJson)), "pipelines.yaml", stack);
    for (const [kind, declared] of Object.entries(pipelines)) {
      expect(Object.keys(declared).sort()).toEqual(Object.keys(document[kind] ?? {}).sort());
    }
  });
  fc.assert(right, { numRuns: 1000 });
}, 120_000);

function project(text: string): string {
  writeFileSync(join(folder, "pipelines.yaml"), text);
  return folder;
}
