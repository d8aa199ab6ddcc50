import { createPublicKey } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { Problem } from "../problems.ts";
import type { Mapper } from "../state.ts";

// Airbyte refuses mappers that it can't do: settings that are missing or no words of its own, keys that nothing can be encrypted with,
// and fields that aren't there when it is the mapper's turn. (Its API server, seen; and its DestinationCatalogGenerator.)

/** A stream with its mappers, and the fields that come to them; undefined where nobody can tell. */
interface Mapped {
  name: string;
  fields: string[] | undefined;
  mappers: readonly Mapper[];
}

const METHODS = ["MD2", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"];
const MODES = ["CBC", "CFB", "CTR", "ECB", "GCM", "OFB"];
const PADDINGS = ["PKCS5Padding", "NoPadding"];

type Refusal = "FIELD_NOT_FOUND" | "FIELD_ALREADY_EXISTS" | "INVALID_MAPPER_CONFIG";

/** Throws a 400: of the first mapper whose settings can't be read, else of all that can't be done. */
export function checkMappers(streams: readonly Mapped[]): void {
  for (const { mappers } of streams) for (const mapper of mappers) checkSettings(mapper);
  const errors = streams.flatMap(({ name, fields, mappers }) =>
    refusals(fields && new Set(fields), mappers).map(([mapper, error]) => ({ stream: name, error, mapper })),
  );
  if (errors.length === 0) return;
  const type = "error:mapper-validation";
  throw new Problem(400, "Mapper validation failed", "The mapper configuration is invalid", { errors }, type);
}

/** What it needs, and the values that it knows; a key that it doesn't know is passed over. */
function checkSettings(mapper: Mapper): void {
  const { type, mapperConfiguration: settings } = mapper;
  const need = (...keys: string[]) => {
    for (const key of keys) if (settings[key] === undefined || settings[key] === null) throw missing(mapper, key);
  };
  const oneOf = (key: string, known: string[]) => {
    if (!known.includes(text(settings[key]))) throw invalid(mapper, `${key}: not one of ${known.join(", ")}`);
  };
  switch (type) {
    case "hashing":
      need("method", "fieldNameSuffix", "targetField");
      return oneOf("method", METHODS);
    case "field-renaming":
      return need("originalFieldName", "newFieldName");
    case "field-filtering":
      return need("targetField");
    case "row-filtering":
      need("conditions");
      return checkCondition(mapper, settings.conditions);
    case "encryption":
      need("algorithm");
      oneOf("algorithm", ["AES", "RSA"]);
      if (settings.algorithm === "RSA") return need("publicKey", "targetField");
      need("key", "targetField", "mode", "padding");
      oneOf("mode", MODES);
      return oneOf("padding", PADDINGS);
    default:
      throw invalid(mapper, `Unknown type of mapper: ${type}`);
  }
}

function checkCondition(mapper: Mapper, condition: Json | undefined): void {
  if (!isObject(condition)) throw invalid(mapper, "A condition is an object");
  if (condition.type === undefined) throw missing(mapper, "type");
  if (condition.type === "NOT") {
    if (!Array.isArray(condition.conditions)) throw missing(mapper, "conditions");
    for (const inner of condition.conditions) checkCondition(mapper, inner);
    return;
  }
  if (condition.type !== "EQUAL") throw invalid(mapper, `Unsupported operation type: ${text(condition.type)}`);
  for (const key of ["fieldName", "comparisonValue"]) {
    if (condition[key] === undefined || condition[key] === null) throw missing(mapper, key);
  }
}

// Airbyte's own words name the getter of its class.
function missing(mapper: Mapper, key: string): Problem {
  const message = `get${key.charAt(0).toUpperCase()}${key.slice(1)}(...) must not be null`;
  const title = "Mapper configuration missing required parameter";
  const detail = "The mapper configuration is missing a required parameter";
  return unreadable(mapper, message, { title, detail, type: "missing-required-param" });
}

function invalid(mapper: Mapper, message: string): Problem {
  const [title, detail] = ["Mapper configuration is invalid", "The mapper configuration is invalid"];
  return unreadable(mapper, message, { title, detail, type: "invalid-config" });
}

function unreadable(
  { id, type: mapperType }: Mapper,
  message: string,
  { title, detail, type }: { title: string; detail: string; type: string },
): Problem {
  return new Problem(400, title, detail, { mapperId: id, mapperType, message }, `error:mapper-validation/${type}`);
}

/** Each with the fields that those before it left; what one can't do leaves them as they are. */
function refusals(fields: Set<string> | undefined, mappers: readonly Mapper[]): [Mapper, Refusal][] {
  return mappers.flatMap((mapper): [Mapper, Refusal][] => {
    if (!canEncrypt(mapper)) return [[mapper, "INVALID_MAPPER_CONFIG"]];
    const change = changeOf(mapper);
    if (!fields || !change) return [];
    const { from, to } = change;
    if (to !== undefined && to !== from && fields.has(to)) return [[mapper, "FIELD_ALREADY_EXISTS"]];
    if (!fields.delete(from)) return [[mapper, "FIELD_NOT_FOUND"]];
    if (to !== undefined) fields.add(to);
    return [];
  });
}

/** A row filter changes no field, and isn't asked which it compares. */
function changeOf({ type, mapperConfiguration }: Mapper): { from: string; to?: string } | undefined {
  const { targetField, fieldNameSuffix, originalFieldName, newFieldName } = mapperConfiguration;
  if (type === "row-filtering") return undefined;
  if (type === "field-renaming") return { from: text(originalFieldName), to: text(newFieldName) };
  const from = text(targetField);
  return type === "field-filtering" ? { from } : { from, to: `${from}${text(fieldNameSuffix)}` };
}

/** Airbyte tries a sample; here the form of the key has to do. */
function canEncrypt({ type, mapperConfiguration: { algorithm, key, publicKey } }: Mapper): boolean {
  if (type !== "encryption") return true;
  if (algorithm === "AES") return /^(?:[\da-f]{32}|[\da-f]{48}|[\da-f]{64})$/i.test(text(key));
  try {
    createPublicKey({ key: Buffer.from(text(publicKey), "hex"), format: "der", type: "spki" });
    return true;
  } catch {
    return false;
  }
}

/** Names of the fields that a JSON Schema has on top; undefined where it says nothing of them. */
export function fieldNames(schema: JsonObject | null | undefined): string[] | undefined {
  const properties = schema?.properties;
  return isObject(properties) && Object.keys(properties).length > 0 ? Object.keys(properties) : undefined;
}

function text(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
