// What is derived from the kinds' descriptions: the JSON Schema of pipelines.yaml, and the arguments of the resource classes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { z } from "zod";
import { pipelinesJsonSchema } from "../../../declaration/json-schema.ts";
import { programTypes, type Field, type KindDescription } from "../../../providers/airbyte/kinds/describe.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import { classNameOf, kindNames, type KindName } from "../../../providers/airbyte/kinds/names.ts";
import type { Call } from "../command.ts";

/** Resolves with the exit code. */
export async function writeSchema({ projectDir, options }: Call<{ check: boolean }>): Promise<number> {
  const files = new Map([["pipelines.schema.json", `${JSON.stringify(pipelinesJsonSchema(), undefined, 2)}\n`]]);
  const style = await resolveConfig(import.meta.filename);
  for (const [file, text] of argumentFiles()) files.set(file, await format(text, { ...style, parser: "typescript" }));
  return keepWritten(projectDir, files, "schema", options.check);
}

/**
 * Writes files, by their paths in the project, that a command derives from the code; or, to check them, says which aren't up to date.
 *
 * @returns the exit code
 */
export function keepWritten(
  projectDir: string,
  files: ReadonlyMap<string, string>,
  command: string,
  isCheck: boolean,
): number {
  let code = 0;
  for (const [name, text] of files) {
    const file = join(projectDir, name);
    if (existsSync(file) && readFileSync(file, "utf8") === text) console.log(`${name} is up to date`);
    else if (isCheck) {
      console.error(`${name} is out of date; write it anew: npm run ${command}`);
      code = 1;
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`${name} is written`);
    }
  }
  return code;
}

/** Kinds that share a folder, and so a file; those that take the same share their arguments too. */
const FOLDERS: Partial<Record<KindName, string>> = {
  source: "actor",
  destination: "actor",
  "source-definition": "definition",
  "destination-definition": "definition",
};

/** Where the types are that arguments are made of. */
const TYPES = {
  "../../index.ts": ["DestinationConfigurations", "SourceConfigurations"],
  "../../resource.ts": ["AirbyteHandle", "Reference"],
  "../actor/resource.ts": ["Destination", "Source"],
  "../tag/resource.ts": ["TagReference"],
  "./configuration.ts": ["ConfigurationOf"],
};

/** The arguments of the resource classes, as files of TypeScript by their paths in the project. */
function argumentFiles(): Map<string, string> {
  const files = [...new Set(kindNames.map(folderOf))].map((folder): [string, string] => {
    const kinds = kindNames.filter((kind) => folderOf(kind) === folder);
    return [join("providers", "airbyte", "kinds", folder, "args.ts"), argumentsOf(folder, kinds)];
  });
  return new Map(files);
}

function folderOf(kind: KindName): string {
  return FOLDERS[kind] ?? kind;
}

function argumentsOf(folder: string, kinds: KindName[]): string {
  const nested: string[] = [];
  const all = kinds.map((kind) => settingsOf(descriptions[kind], nested));
  const interfaces = [...new Set(all)].map((settings) => {
    const those = kinds.filter((_, index) => all[index] === settings);
    const { typeParameters, fields }: KindDescription = descriptions[those[0]!];
    const whose = those.map(classNameOf).map((name) => `${/^[AEIOU]/.test(name) ? "an" : "a"} {@link ${name}}`);
    const resets = Object.values(fields).some((field) => "resetTo" in field);
    const about = `Settings of ${whose.join(" or ")}.${resets ? " A setting that is taken out again goes back to its default." : ""}`;
    const name = `${those.length > 1 ? capitalized(folder) : classNameOf(those[0]!)}Args`;
    return `/** ${about} */\nexport interface ${name}${typeParameters ? `<${typeParameters}>` : ""} {\n${settings}\n}`;
  });
  const body = [...nested, ...interfaces].join("\n\n");
  const code = body.replace(/\/\*\*.*?\*\//gs, "");
  const imports = Object.entries(TYPES).flatMap(([file, names]) => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return used.length === 0 ? [] : [`import type { ${used.join(", ")} } from "${file}";`];
  });
  const origin = "// Written by npm run schema, from description.ts.";
  return [origin, 'import type * as pulumi from "@pulumi/pulumi";', ...imports, "", body, ""].join("\n");
}

function settingsOf(description: KindDescription, nested: string[]): string {
  const { fields } = description;
  const handle =
    "workspaceId" in fields
      ? "  /** The Airbyte that it lives in. */\n  airbyte: AirbyteHandle;"
      : `  /** The Airbyte that it lives in; a workspace doesn't matter here. */\n  airbyte: Omit<AirbyteHandle, "workspaceId">;`;
  const settings = Object.entries(fields).filter(([, { onlyInFiles }]) => !onlyInFiles);
  const lines = settings.map(([key, field]) => setting(key, field, isOptional(key, field, description), nested));
  return [handle, ...lines].join("\n");
}

/** What a file can say in other ways too, a program has to say. */
function isOptional(key: string, field: Field, { exclusive = [], fields }: KindDescription): boolean {
  const only = exclusive.some(({ keys, needed, isFilled }) => {
    const own = keys.filter((each) => !fields[each]?.onlyInFiles);
    return needed !== undefined && !isFilled && own.length === 1 && own[0] === key;
  });
  return !only && schemaOf(field).safeParse(undefined).success;
}

/** What a program gives is what the provider gets. */
function schemaOf({ schema, inputs }: Field): z.ZodType {
  return inputs === undefined || inputs === false ? schema : inputs;
}

function setting(key: string, field: Field, optional: boolean, nested: string[]): string {
  const { schema, inPrograms, replaceOnChange } = field;
  const type = inPrograms?.type ?? `pulumi.Input<${typeOf(schemaOf(field), nested)}>`;
  const said = inPrograms?.about ?? describedAs(schema);
  const change = replaceOnChange && !said.includes("change") ? " A change makes a new one." : "";
  const about = said.replace(/( Default: .*)?$/s, (byDefault) => `${change}${byDefault}`);
  return `${comment(about)}\n  ${key}${optional ? `?: ${type} | undefined` : `: ${type}`};`;
}

/** A description stands on what it was given to, and not on what that became by `optional()`. */
function describedAs(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : undefined;
  return inner ? describedAs(inner) : "";
}

/** In the words of a program, the default as its own tag. */
function comment(text: string): string {
  const words = text
    .replaceAll("this entry", "the resource")
    .replace("the name of the resource", "the resource's name")
    .replace(/; or give `manifestFile`/, "")
    .replace(/(its|by) name, or (its|by) path/, "$2 path")
    .replace(/ A secret: `\$\{secret:NAME\}`\./, " Kept as a secret.");
  const [, about = words, byDefault] = /^(.*?) ?(?:Airbyte's default|Default): (.*)\.$/s.exec(words) ?? [];
  const lines = wrapped(byDefault === undefined ? words : `${about} @default ${byDefault}`);
  return lines.length === 1
    ? `  /** ${lines[0]} */`
    : ["  /**", ...lines.map((line) => `   * ${line}`), "   */"].join("\n");
}

function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line.length + word.length > 110) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

function typeOf(schema: z.ZodType, nested: string[]): string {
  const told = programTypes.get(schema);
  if (told && "type" in told) return told.type;
  if (schema instanceof z.ZodOptional) return typeOf(schema.unwrap() as z.ZodType, nested);
  if (schema instanceof z.ZodPipe) return typeOf(schema.in as z.ZodType, nested);
  if (schema instanceof z.ZodUnion)
    return schema.options.map((option) => typeOf(option as z.ZodType, nested)).join(" | ");
  if (schema instanceof z.ZodArray) return `pulumi.Input<${typeOf(schema.element as z.ZodType, nested)}>[]`;
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => JSON.stringify(option)).join(" | ");
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodRecord) return "Record<string, unknown>";
  if (!(schema instanceof z.ZodObject)) return "string";
  const base = told?.extends;
  const own = Object.entries(schema.shape as z.ZodRawShape).filter(([key, inner]) => base?.shape[key] !== inner);
  const fields = own.map(([key, inner]) => {
    return setting(key, { schema: inner as z.ZodType }, (inner as z.ZodType).safeParse(undefined).success, nested);
  });
  if (!told) return `{\n${fields.join("\n")}\n}`;
  const extending = base ? ` extends ${typeOf(base, nested)}` : "";
  const made = `/** ${told.about} */\nexport interface ${told.name}${extending} {\n${fields.join("\n")}\n}`;
  if (!nested.includes(made)) nested.push(made);
  return told.name;
}

function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
