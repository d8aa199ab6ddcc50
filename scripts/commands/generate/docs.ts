import { z } from "zod";
import { entries } from "../../../declaration/schema.ts";
import { sections, type Section } from "../../../providers/airbyte/kinds/names.ts";

type Json = z.core.JSONSchema.BaseSchema;

interface Row {
  key: string;
  value: string;
  meaning: string;
}

/** Every kind of entry, with a table of its keys, from the schemas that the program checks with. */
export function pipelinesReference(): string {
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
