// The references that are made from the code.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { Application, type TypeDocOptions } from "typedoc";
import ts from "typescript";
import { z } from "zod";
import { entries } from "../../../declaration/schema.ts";
import { sections, type Section } from "../../../providers/airbyte/kinds/names.ts";
import { targetNames, type Setting } from "../../../settings/setting.ts";
import { settings } from "../../../settings/settings.ts";
import type { Call } from "../command.ts";
import { keepWritten } from "./schema.ts";

/** Above it a page is written by hand. */
const mark = "<!-- npm run docs writes what follows -->";

/** Resolves with the exit code. */
export async function writeReferences({ projectDir, options }: Call<{ check: boolean }>): Promise<number> {
  const references = {
    "docs/pipelines.md": pipelinesReference(),
    "docs/resources.md": await resourcesReference(projectDir),
    "docs/targets.md": settingsReference(),
  };
  const files = new Map<string, string>();
  for (const [name, reference] of Object.entries(references)) {
    const file = join(projectDir, name);
    const [head = "", rest] = readFileSync(file, "utf8").split(mark);
    if (rest === undefined) throw new Error(`${name} has lost its line: ${mark}`);
    const style = await resolveConfig(file);
    files.set(name, await format(`${head}${mark}\n\n${reference}`, { ...style, parser: "markdown" }));
  }
  return keepWritten(projectDir, files, "docs", options.check);
}

/** Every setting of a stack, with the targets that take it, from the entries that the program checks with. */
function settingsReference(): string {
  const rows = Object.entries<Setting>(settings).map(([key, { about, example, secret, in: taken }]) => {
    const what = [secret ? "a secret" : "", typeof example === "string" ? "" : "a map"].filter(Boolean).join(", ");
    const names = targetNames.filter((target) => target in taken);
    const where = names.length === targetNames.length ? "all" : names.join(", ");
    return `| \`${key}\`${what && ` (${what})`} | ${where} | ${about.replaceAll(/[*_|<]/g, "\\$&")} |`;
  });
  return ["| setting | targets | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

/** Every class and type of the public door, from their doc comments. */
async function resourcesReference(projectDir: string): Promise<string> {
  const door = join(projectDir, "providers/airbyte/index.ts");
  const out = mkdtempSync(join(tmpdir(), "typedoc-"));
  try {
    const options: Partial<TypeDocOptions> & Record<string, unknown> = {
      entryPoints: [door],
      plugin: ["typedoc-plugin-markdown"],
      logLevel: "Warn",
      excludeExternals: true,
      excludeInternal: true,
      excludePrivate: true,
      excludeProtected: true,
      disableSources: true,
      readme: "none",
      outputs: [{ name: "markdown", path: out }],
      outputFileStrategy: "modules",
      entryFileName: "index.md",
      hidePageHeader: true,
      hidePageTitle: true,
      hideBreadcrumbs: true,
      // Of a class its arguments and its outputs matter; every constructor takes a name, arguments and Pulumi's options.
      excludeNotDocumented: true,
      excludeNotDocumentedKinds: ["Constructor", "ConstructorSignature"],
      parametersFormat: "table",
      classPropertiesFormat: "table",
      interfacePropertiesFormat: "table",
    };
    const application = await Application.bootstrapWithPlugins(options, []);
    // The door alone, and what it imports: not the tests and all else that tsconfig.json includes.
    application.options.setCompilerOptions([door], compilerOptions(projectDir), undefined);
    const project = await application.convert();
    if (project === undefined) throw new Error("TypeDoc could not read the program");
    await application.generateOutputs(project);
    return readFileSync(join(out, "index.md"), "utf8");
  } finally {
    rmSync(out, { recursive: true });
  }
}

function compilerOptions(projectDir: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(projectDir, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, projectDir).options;
}

type Json = z.core.JSONSchema.BaseSchema;

interface Row {
  key: string;
  value: string;
  meaning: string;
}

/** Every kind of entry, with a table of its keys, from the schemas that the program checks with. */
function pipelinesReference(): string {
  return sections.map(reference).join("\n\n");
}

function reference(section: Section): string {
  const schema = z.toJSONSchema(entries[section], { io: "input" });
  const rows = rowsOf(schema, "", new Map()).map(({ key, value, meaning }) => `| ${key} | ${value} | ${meaning} |`);
  const table = ["| key | value | meaning |", "| --- | --- | --- |", ...rows].join("\n");
  return `## ${section}\n\n${schema.description ?? ""}\n\n${table}`;
}

/** The keys of a map and, under their paths, those of the maps in it. A form that stood above is not told again. */
function rowsOf(schema: Json, path: string, told: Map<string, string>): Row[] {
  const required = schema.required ?? [];
  return Object.entries((schema.properties ?? {}) as Record<string, Json>).flatMap(([name, inner]) => {
    const key = `${path}${name}`;
    const forms = mapsIn(inner, key);
    const first = forms[0] && told.get(JSON.stringify(forms[0].schema.properties));
    for (const form of forms) if (!first) told.set(JSON.stringify(form.schema.properties), form.path);
    const meaning = [inner.description, first && `As \`${first}\`.`].filter(Boolean).join(" ");
    const row = { key: `\`${key}\`${required.includes(name) ? " (required)" : ""}`, value: inWords(inner), meaning };
    const below = first ? [] : forms.flatMap((form) => rowsOf(form.schema, `${form.path}.`, told));
    return [row, ...onlyFirst(below)];
  });
}

/** The maps that a value can be, or hold. */
function mapsIn(schema: Json, path: string): { schema: Json; path: string }[] {
  if (schema.anyOf) return schema.anyOf.flatMap((branch) => mapsIn(branch, path));
  if (typeof schema.items === "object") return mapsIn(schema.items as Json, `${path}[]`);
  return schema.properties ? [{ schema, path }] : [];
}

/** What two forms of a value have in common is told once. */
function onlyFirst(rows: Row[]): Row[] {
  return rows.filter((row, index) => rows.findIndex(({ key }) => key === row.key) === index);
}

function inWords(schema: Json): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map((branch) => inWords(branch)))].join(" or ");
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const).replaceAll('"', "")}\``;
  if (schema.type === "array") return listOf(inWords((schema.items ?? {}) as Json));
  if (schema.type === "object") return "map";
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "integer") return "whole number";
  return schema.format === "uuid" ? "id" : "text";
}

function listOf(words: string): string {
  return words.includes(" or ") ? `list of (${words})` : `list of ${words}`;
}
