// What is derived from the kinds' descriptions: the JSON Schema of pipelines.yaml, and the arguments of the resource classes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { z } from "zod";
import { pipelinesJsonSchema } from "../../../declaration/json-schema.ts";
import { interfaceNames, type Field, type KindDescription } from "../../../providers/airbyte/kinds/describe.ts";
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

/** Their arguments have types that only a person can write: a configuration by its connector's name, resources for ends. */
const BY_HAND: readonly KindName[] = ["source", "destination", "connection"];

/** Kinds that share a folder, and so their arguments. */
const SHARED: Partial<Record<KindName, string>> = {
  "source-definition": "definition",
  "destination-definition": "definition",
};

/** The arguments of the resource classes, as files of TypeScript by their paths in the project. */
function argumentFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const kind of kindNames.filter((each) => !BY_HAND.includes(each))) {
    const folder = SHARED[kind] ?? kind;
    const file = join("providers", "airbyte", "kinds", folder, "args.ts");
    if (!files.has(file)) files.set(file, argumentsOf(descriptions[kind], folder));
  }
  return files;
}

function argumentsOf(description: KindDescription, folder: string): string {
  const { kind, fields } = description;
  const nested: string[] = [];
  const inWorkspace = "workspaceId" in fields;
  const settings = Object.entries(fields).filter(([, { onlyInFiles }]) => !onlyInFiles);
  const lines = settings.map(([key, field]) => setting(key, field, isOptional(key, field, description), nested));
  const handle = inWorkspace
    ? "  /** The Airbyte that it lives in. */\n  airbyte: AirbyteHandle;"
    : `  /** The Airbyte that it lives in; a workspace doesn't matter here. */\n  airbyte: Omit<AirbyteHandle, "workspaceId">;`;
  const name = folder === kind ? classNameOf(kind) : "Definition";
  const whose =
    folder === kind
      ? `${/^[AEIOU]/.test(name) ? "an" : "a"} {@link ${name}}`
      : "a {@link SourceDefinition} or a {@link DestinationDefinition}";
  const body = [
    ...nested,
    `/** Settings of ${whose}. */\nexport interface ${name}Args {\n${[handle, ...lines].join("\n")}\n}`,
  ];
  const used = ["AirbyteHandle", ...(body.join().includes("?: Reference") ? ["Reference"] : [])];
  return [
    "// Written by npm run schema, from description.ts.",
    'import type * as pulumi from "@pulumi/pulumi";',
    `import type { ${used.join(", ")} } from "../../resource.ts";`,
    "",
    body.join("\n\n"),
    "",
  ].join("\n");
}

/** What a file can say in other ways too, a program has to say. */
function isOptional(key: string, { schema }: Field, { exclusive = [], fields }: KindDescription): boolean {
  const only = exclusive.some(({ keys, needed, isFilled }) => {
    const own = keys.filter((each) => !fields[each]?.onlyInFiles);
    return needed !== undefined && !isFilled && own.length === 1 && own[0] === key;
  });
  return !only && schema.safeParse(undefined).success;
}

function setting(key: string, { schema, inPrograms, ...rules }: Field, optional: boolean, nested: string[]): string {
  const type = inPrograms?.type ?? `pulumi.Input<${typeOf(schema, nested)}>`;
  const said = inPrograms?.about ?? describedAs(schema);
  const change = rules.replaceOnChange && !said.includes("change") ? " A change makes a new one." : "";
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
    .replace(/ A secret: `\$\{secret:NAME\}`\./, " Kept as a secret.");
  const [, about = words, byDefault] = /^(.*?) ?Default: (.*)\.$/s.exec(words) ?? [];
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
  if (schema instanceof z.ZodOptional) return typeOf(schema.unwrap() as z.ZodType, nested);
  if (schema instanceof z.ZodUnion)
    return schema.options.map((option) => typeOf(option as z.ZodType, nested)).join(" | ");
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodRecord) return "Record<string, unknown>";
  if (!(schema instanceof z.ZodObject)) return "string"; // an enum too: what it takes may come from elsewhere, as text
  const fields = Object.entries(schema.shape).map(([key, inner]) => {
    return setting(key, { schema: inner as z.ZodType }, (inner as z.ZodType).safeParse(undefined).success, nested);
  });
  const { name, about = "" } = interfaceNames.get(schema) ?? {};
  if (name === undefined) return `{\n${fields.join("\n")}\n}`;
  const made = `/** ${about} */\nexport interface ${name} {\n${fields.join("\n")}\n}`;
  if (!nested.includes(made)) nested.push(made);
  return name;
}
