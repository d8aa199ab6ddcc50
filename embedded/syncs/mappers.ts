import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Mapper } from "../state.ts";

/** What a stream's mappers do to its records, one after the other. */
export interface StreamMapper {
  /** The record as it is written, or null for one that is left out. The given one may be changed. */
  record: (data: JsonObject) => JsonObject | null;
  /** The JSON Schema of what is written. */
  schema: (schema: JsonObject) => JsonObject;
  /** A key's or cursor's path after the mapping. */
  path: (path: string[]) => string[];
  /** What isn't done as configured, for the job's log. */
  remarks: string[];
  /** False: records can pass as they are. */
  needed: boolean;
}

type Step = Pick<StreamMapper, "record"> & {
  renamed?: [from: string, to: string | null, schema?: Json];
  remark?: string;
};

export function mapperOf(mappers: Mapper[]): StreamMapper {
  const steps = mappers.map(stepOf);
  return {
    needed: steps.length > 0,
    remarks: steps.flatMap(({ remark }) => remark ?? []),
    record: (data) => steps.reduce<JsonObject | null>((mapped, step) => mapped && step.record(mapped), data),
    schema: (schema) => {
      const properties = Object.entries((schema.properties ?? {}) as JsonObject);
      const mapped = steps.reduce((fields, { renamed }) => (renamed ? rename(fields, ...renamed) : fields), properties);
      return { ...schema, properties: Object.fromEntries(mapped) };
    },
    path: (path) =>
      steps.reduce((mapped, { renamed }) => {
        return renamed && mapped[0] === renamed[0] && renamed[1] ? [renamed[1], ...mapped.slice(1)] : mapped;
      }, path),
  };
}

function rename(fields: [string, Json][], from: string, to: string | null, schema?: Json): [string, Json][] {
  return fields.flatMap(([name, known]): [string, Json][] => {
    if (name !== from) return [[name, known]];
    return to === null ? [] : [[to, schema ?? known]];
  });
}

function stepOf({ type, mapperConfiguration: configuration }: Mapper): Step {
  const field = text(configuration.targetField);
  switch (type) {
    case "hashing": {
      const hash = hashOf(text(configuration.method));
      const to =
        field + (configuration.fieldNameSuffix === undefined ? "_hashed" : text(configuration.fieldNameSuffix));
      if (!hash) return without(field, `Hashing with ${text(configuration.method)} is not supported here`);
      return { renamed: [field, to, { type: ["null", "string"] }], record: move(field, to, hash) };
    }
    case "field-renaming": {
      const [from, to] = [text(configuration.originalFieldName), text(configuration.newFieldName)];
      return { renamed: [from, to], record: move(from, to, (value) => value) };
    }
    case "field-filtering":
      return without(field);
    case "row-filtering": {
      const keeps = condition(configuration.conditions);
      return { record: (data) => (keeps(data) ? data : null) };
    }
    default:
      // Whoever wants a field encrypted wants it nowhere in plain.
      return without(field, `Mappers of type ${type} are not supported here`);
  }
}

function without(field: string, reason?: string): Step {
  const record = (data: JsonObject) => {
    Reflect.deleteProperty(data, field);
    return data;
  };
  return { renamed: [field, null], record, ...(reason ? { remark: `${reason}: the field ${field} is left out` } : {}) };
}

function move(from: string, to: string, value: (value: Json) => Json): Step["record"] {
  return (data) => {
    const found = data[from];
    if (found === undefined) return data;
    Reflect.deleteProperty(data, from);
    data[to] = value(found);
    return data;
  };
}

/** Airbyte's names of the methods. */
function hashOf(method: string): ((value: Json) => Json) | null {
  const algorithm = {
    MD5: "md5",
    "SHA-1": "sha1",
    "SHA-224": "sha224",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
  }[method];
  if (!algorithm) return null;
  return (value) => (value === null ? null : createHash(algorithm).update(text(value)).digest("hex"));
}

/** `{type: EQUAL, fieldName, comparisonValue}` or `{type: NOT, conditions: […]}`, as Airbyte's row filtering has it. */
function condition(given: Json | undefined): (data: JsonObject) => boolean {
  if (!isObject(given)) return () => true;
  if (given.type === "NOT") {
    const [inner] = (Array.isArray(given.conditions) ? given.conditions : []).map(condition);
    return (data) => !(inner?.(data) ?? false);
  }
  const name = text(given.fieldName);
  const wanted = text(given.comparisonValue);
  return (data) => data[name] !== undefined && data[name] !== null && text(data[name]) === wanted;
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
