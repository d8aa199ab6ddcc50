import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPipelines } from "../../declaration/declare.ts";

const projectDir = join(import.meta.dirname, "../..");
const examples = readdirSync(join(projectDir, "examples")).filter((name) => name.endsWith(".yaml"));

test.each(examples)("%s is without mistakes, and has a connection", (name) => {
  // Good for text and for numbers.
  const values = { secret: () => "5432", config: () => "5432" };
  const { connections } = loadPipelines(projectDir, join("examples", name), values);
  expect(Object.keys(connections).length).toBeGreaterThan(0);
});
