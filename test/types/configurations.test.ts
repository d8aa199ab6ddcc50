import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { declarations } from "../../scripts/types/declarations.ts";
import { specifications } from "./specifications.ts";

const folder = import.meta.dirname;

test("connectors.d.ts is what npm run types writes of these specifications", async () => {
  const written = await declarations(specifications, "specifications.ts");
  expect(written).toBe(readFileSync(join(folder, "connectors.d.ts"), "utf8"));
});

test("right configurations compile; a misspelt key, a wrong type and a missing setting don't; without types all do", () => {
  const { config } = ts.readConfigFile(join(folder, "../../tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, folder);
  const files = ["connectors.d.ts", "configurations.ts"].map((file) => join(folder, file));
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, { ...options, types: ["node"] }));
  expect(
    ts.formatDiagnostics(diagnostics, { ...ts.sys, getCanonicalFileName: (file) => file, getNewLine: () => "\n" }),
  ).toBe("");
});
