import { join } from "node:path";
import ts from "typescript";
import { classNameOf, kindNames } from "../../providers/airbyte/kinds/names.ts";
import { projectDir } from "./pages.ts";

/** What the examples use without saying where it comes from: this project's door, and things made further up. */
export const examplesSuppose = `
import * as pulumi from "@pulumi/pulumi";
import * as door from "./providers/airbyte/index.ts";
import * as fs from "node:fs";
import * as yaml from "yaml";
declare global {
${[...kindNames.map(classNameOf), "every", "first"].map((name) => `  const ${name}: typeof door.${name};`).join("\n")}
  const airbyte: door.AirbyteHandle;
  const config: pulumi.Config;
  const source: door.Source, users: door.Source, sheet: door.Source, shop: door.Source;
  const destination: door.Destination, warehouse: door.Destination;
  const parse: typeof yaml.parse;
  const readFileSync: typeof fs.readFileSync;
}
export {};
`;

/** What the compiler says of these modules, as they would stand beside index.ts. */
export function typeErrors(modules: Record<string, string>): string[] {
  const files = new Map(Object.entries(modules).map(([name, text]) => [join(projectDir, name), text]));
  const { options } = readOptions();
  const host = ts.createCompilerHost(options);
  const own = { ...host };
  host.fileExists = (file) => files.has(file) || own.fileExists(file);
  host.readFile = (file) => files.get(file) ?? own.readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = files.get(file);
    return text === undefined ? own.getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const sources = [...files.keys()].map((file) => program.getSourceFile(file));
  return sources.flatMap((source) => ts.getPreEmitDiagnostics(program, source)).map(inWords);
}

function readOptions() {
  const file = ts.readConfigFile(join(projectDir, "tsconfig.json"), (path) => ts.sys.readFile(path));
  return ts.parseJsonConfigFileContent(file.config, ts.sys, projectDir);
}

function inWords({ file, start, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, "\n");
  if (file === undefined || start === undefined) return text;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName.replace(`${projectDir}`, "")}:${line + 1}: ${text}`;
}
