import { didYouMean } from "../../../../errors/nearest.ts";
import { isObject, UNKNOWN } from "../../lifecycle/canonical.ts";
import type { Fields, Finding } from "./field-issues.ts";
import { isPlaceholder } from "./mappers.ts";
import type { StreamInputs } from "./streams.ts";

/** What a mapper does to the fields that come to it: takes one, and makes another of it. */
interface Change {
  /** The setting that names the field. */
  setting: string;
  from: unknown;
  to?: unknown;
  /** The setting that names what it makes. */
  naming?: string;
}

/**
 * Mappers on fields that aren't there when it is their turn, or that make a field which is there already. Airbyte refuses both; by
 * a server that doesn't look, the field arrives as it was.
 */
export function mapperFieldIssues(stream: StreamInputs, { top }: Fields, name: string): Finding[] {
  const { mappers = [], selectedFields = [] } = stream;
  // A schema without fields says nothing about them.
  if (top.length === 0 || !Array.isArray(mappers)) return [];
  const selected = selectedFields.map(({ fieldPath }) => fieldPath[0]);
  const fields = new Set(selected.length === 0 ? top : top.filter((field) => selected.includes(field)));
  const gone = new Map<string, number>();
  const findings: Finding[] = [];
  for (const [index, { type, mapperConfiguration }] of mappers.entries()) {
    if (!isObject(mapperConfiguration)) return findings;
    const tell = (setting: PropertyKey[], text: string, more: { isWarning?: true } = {}) =>
      findings.push({ setting: "mappers", below: [index, "mapperConfiguration", ...setting], text, ...more });
    const missing = (field: string) => {
      const before = gone.get(field);
      const quoted = JSON.stringify(field);
      if (before !== undefined)
        return `the field ${quoted} of the stream ${name} is gone here: mappers[${before}] takes it`;
      if (top.includes(field)) return `the field ${quoted} of the stream ${name} isn't among its selectedFields`;
      return `the stream ${name} has no field ${quoted}${didYouMean(field, fields)}`;
    };
    if (type === "row-filtering") {
      for (const [field, path] of comparedFields(mapperConfiguration.conditions, ["conditions"])) {
        // A row may have fields beside those of its schema, and Airbyte takes it.
        if (isKnown(field) && !fields.has(field))
          tell(path, `${missing(field)}; no row has a value there`, { isWarning: true });
      }
      continue;
    }
    const { setting, from, to, naming = "" } = changeOf(String(type), mapperConfiguration);
    // Of what isn't known yet nobody can tell what becomes of the fields.
    if (!isKnown(from) || !(to === undefined || isKnown(to))) return findings;
    if (!fields.has(from)) tell([setting], missing(from));
    else if (to !== undefined && to !== from && fields.has(to)) {
      tell([naming], `the stream ${name} has a field ${JSON.stringify(to)} already`);
    }
    if (fields.delete(from)) gone.set(from, index);
    if (to !== undefined) fields.add(to);
  }
  return findings;
}

function changeOf(
  type: string,
  { originalFieldName, newFieldName, targetField, fieldNameSuffix = "" }: Record<string, unknown>,
): Change {
  if (type === "field-renaming") {
    return {
      setting: "originalFieldName",
      from: originalFieldName,
      to: newFieldName ?? UNKNOWN,
      naming: "newFieldName",
    };
  }
  if (type === "field-filtering") return { setting: "targetField", from: targetField };
  const to =
    isKnown(targetField) && (isKnown(fieldNameSuffix) || fieldNameSuffix === "")
      ? `${targetField}${fieldNameSuffix}`
      : UNKNOWN;
  return { setting: "targetField", from: targetField, to, naming: "fieldNameSuffix" };
}

function comparedFields(condition: unknown, path: PropertyKey[]): [unknown, PropertyKey[]][] {
  if (!isObject(condition)) return [];
  const { fieldName, conditions } = condition;
  const own: [unknown, PropertyKey[]][] = fieldName === undefined ? [] : [[fieldName, [...path, "fieldName"]]];
  const inner = Array.isArray(conditions) ? conditions : [];
  return [...own, ...inner.flatMap((one, index) => comparedFields(one, [...path, "conditions", index]))];
}

function isKnown(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value !== UNKNOWN && !isPlaceholder(value);
}
