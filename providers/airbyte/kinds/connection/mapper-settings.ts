import { z } from "zod";
import { check, isIssues, kindOf, showValue, type Issue } from "../../../../errors/zod-issues.ts";
import { text } from "../fields.ts";
import { isObject, MASK, same, UNKNOWN } from "../../lifecycle/canonical.ts";
import { isPlaceholder, revealed, type MapperSecrets } from "./mappers.ts";
import { mapper as mapperSchema } from "./stream-fields.ts";

// What Airbyte takes in the settings of each type of mapper (its API's EncryptionMapperAESConfiguration and the like). It passes over a
// key that it doesn't know, and refuses to make a connection without one that it needs.

const suffix = z.string();
/** No message holds any of it. */
const hidden = z.string({
  error: ({ input }) => (input === undefined ? undefined : `expected text; found ${kindOf(input)}`),
});
const filtering = z.strictObject({ targetField: text });

const SETTINGS: Record<string, (settings: object) => Issue[]> = {
  hashing: checked(
    z.strictObject({
      targetField: text,
      method: z.enum(["MD2", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]),
      fieldNameSuffix: suffix,
    }),
  ),
  "field-renaming": checked(z.strictObject({ originalFieldName: text, newFieldName: text })),
  "field-filtering": checked(filtering),
  "row-filtering": (settings) => {
    const issues = checked(z.strictObject({ conditions: z.looseObject({}) }))(settings);
    return issues.length > 0 ? issues : below("conditions", conditionIssues((settings as Condition).conditions));
  },
  encryption: byKind("algorithm", {
    AES: z.strictObject({
      algorithm: z.string(),
      targetField: text,
      fieldNameSuffix: suffix.optional(),
      mode: z.enum(["CBC", "CFB", "CTR", "ECB", "GCM", "OFB"]),
      padding: z.enum(["PKCS5Padding", "NoPadding"]),
      key: hidden,
    }),
    RSA: z.strictObject({
      algorithm: z.string(),
      targetField: text,
      fieldNameSuffix: suffix.optional(),
      publicKey: text,
    }),
  }),
};

interface Condition {
  conditions?: unknown;
}

const condition = byKind("type", {
  // Airbyte shows the empty list, which `npm run adopt` writes.
  EQUAL: z.strictObject({
    type: z.string(),
    fieldName: text,
    comparisonValue: hidden,
    conditions: z.array(z.unknown()).max(0, "EQUAL has no further conditions").optional(),
  }),
  NOT: z.strictObject({ type: z.string(), conditions: z.array(z.looseObject({})).min(1) }),
});

/** Deeper than anybody writes; Airbyte's own page makes two levels. */
const MAX_DEPTH = 20;

function conditionIssues(given: unknown, depth = 0): Issue[] {
  if (depth > MAX_DEPTH) return [{ path: [], text: `the conditions are more than ${MAX_DEPTH} deep` }];
  const issues = condition(given as object);
  const inner = (given as Condition).conditions;
  if (issues.length > 0 || !Array.isArray(inner)) return issues;
  return inner.flatMap((one: unknown, index) => below("conditions", below(index, conditionIssues(one, depth + 1))));
}

function checked(schema: z.ZodObject): (settings: object) => Issue[] {
  return (settings) => {
    const result = check(schema, settings, showValue);
    return isIssues(result) ? result : [];
  };
}

/** Checked by the schema that a key names; where that is wrong, nobody can tell what else should be there. */
function byKind(key: string, schemas: Record<string, z.ZodObject>): (settings: object) => Issue[] {
  const kind = checked(z.looseObject({ [key]: z.enum(Object.keys(schemas)) }));
  return (settings) => {
    const issues = kind(settings);
    const schema = schemas[String((settings as Record<string, unknown>)[key])];
    return issues.length > 0 || !schema ? issues : checked(schema)(settings);
  };
}

function below(step: PropertyKey, issues: readonly Issue[]): Issue[] {
  return issues.map((issue) => ({ ...issue, path: [step, ...issue.path] }));
}

/**
 * What is wrong with the mappers of a connection whatever its source offers; as a file has it, or the provider. What isn't known
 * yet passes.
 */
export function mapperIssues(declared: Record<string, unknown>): Issue[] {
  return eachList(declared).flatMap(({ mappers, path }) => {
    return mappers.flatMap((mapper, index) => {
      const issues = ofMapper(mapper).filter((issue) => !isOpen(mapper, issue.path));
      return issues.map((issue) => ({ ...issue, path: [...path, index, ...issue.path] }));
    });
  });
}

/** Keys that Airbyte can't encrypt with. Only for what the provider has: in a file a secret is a token. */
export function mapperKeyIssues(declared: Record<string, unknown>): Issue[] {
  return eachList(declared).flatMap(({ mappers, path }) => {
    return mappers.flatMap((mapper, index): Issue[] => {
      if (!isObject(mapper) || mapper.type !== "encryption" || !isObject(mapper.mapperConfiguration)) return [];
      const { algorithm, key, publicKey } = mapper.mapperConfiguration;
      const at = (name: string) => [...path, index, "mapperConfiguration", name];
      if (algorithm === "RSA" && isWrong(publicKey, /^(?:[\da-f]{2})+$/i)) {
        return [{ path: at("publicKey"), text: "expected the public key as X.509 (DER) in hexadecimal digits" }];
      }
      if (algorithm !== "AES" || !isWrong(key, /^(?:[\da-f]{32}|[\da-f]{48}|[\da-f]{64})$/i)) return [];
      if (key !== MASK) return [{ path: at("key"), text: "expected 32, 48 or 64 hexadecimal digits" }];
      // The mask stands for the key that Airbyte has, which it finds by the mapper's id.
      return mapper.id === undefined ? [{ path: at("key"), text: "is a mask; give the key, or the mapper's id" }] : [];
    });
  });
}

function isWrong(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && value !== UNKNOWN && !isPlaceholder(value) && !form.test(value);
}

/** Every list of mappers where it is written; a stream may have inherited that of the defaults. */
function eachList(declared: Record<string, unknown>): { mappers: unknown[]; path: PropertyKey[] }[] {
  const { streamDefaults, mapperSecrets } = declared;
  const [entries, defaults] = revealed(
    [declared.streamSelection ?? declared.streams, streamDefaults],
    mapperSecrets as MapperSecrets | undefined,
  );
  const ofDefaults = isObject(defaults) ? defaults.mappers : undefined;
  const lists = [{ mappers: ofDefaults as unknown, path: ["streamDefaults", "mappers"] as PropertyKey[] }];
  for (const [index, entry] of (Array.isArray(entries) ? (entries as unknown[]) : []).entries()) {
    if (!isObject(entry) || same(entry.mappers, ofDefaults)) continue;
    lists.push({ mappers: entry.mappers, path: ["streams", index, "mappers"] });
  }
  return lists.flatMap(({ mappers, path }) =>
    Array.isArray(mappers) ? [{ mappers: mappers as unknown[], path }] : [],
  );
}

function ofMapper(mapper: unknown): Issue[] {
  const result = check(mapperSchema, mapper, showValue);
  if (isIssues(result)) return result;
  const { type, mapperConfiguration } = result;
  return below("mapperConfiguration", SETTINGS[type]?.(mapperConfiguration) ?? []);
}

/** Whether what a mistake is about isn't known yet. */
function isOpen(value: unknown, path: readonly PropertyKey[]): boolean {
  const [step, ...rest] = path;
  if (value === UNKNOWN || (typeof value === "string" && isPlaceholder(value))) return true;
  if (step === undefined || typeof value !== "object" || value === null) return false;
  return isOpen((value as Record<PropertyKey, unknown>)[step], rest);
}
