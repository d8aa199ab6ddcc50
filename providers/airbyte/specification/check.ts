import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Json, JsonObject } from "../api/types.ts";
import { discriminator } from "../../../specification/discriminator.ts";
import { patterns } from "../../../specification/patterns.ts";
import { withinTime } from "../../../specification/within-time.ts";
import { Place } from "../../../specification/place.ts";
import { nearest } from "../../../errors/nearest.ts";
import { isObject, STORED, UNKNOWN } from "../lifecycle/canonical.ts";
import { applicable, type Specification } from "./schema.ts";

/** What is wrong with a configuration, as sentences; no sentence holds a value. */
export interface Findings {
  mistakes: string[];
  /** Keys that the specification does not know and that resemble none it knows: Airbyte takes and ignores them. */
  warnings: string[];
}

// Unknown formats and keywords of Airbyte's own (`airbyte_secret`, `order`, …) are no errors.
const ajv = new Ajv2020({
  ...{ strict: false, allErrors: true, verbose: true, logger: false, code: { regExp: patterns } },
  // Else what is referred to a thousand times is compiled a thousand times.
  inlineRefs: false,
});
formats.default(ajv);

/** Checks a configuration against the connector's own specification. Values that are not known yet pass. */
export function checkConfiguration(configuration: JsonObject, { connector, schema }: Specification): Findings {
  const narrowed = applicable(schema, configuration);
  const branches = undecided(narrowed, configuration, "configuration", schema);
  const errors = errorsOf(withoutHeader(narrowed), configuration);
  const unknown = unknownKeys(Place.of(schema, configuration, "named"), configuration, connector);
  const misspelled = new Set(unknown.mistakes.flatMap((mistake) => mistake.missing ?? []));
  const told = errors
    .filter((error) => !isAboutUnknownValue(error) && !branches.some(({ path }) => placeOf(error).startsWith(path)))
    .filter((error) => !(error.keyword === "required" && misspelled.has(`${placeOf(error)}.${missingKey(error)}`)))
    .map((error) => sentence(error, connector));
  const mistakes = [
    ...unknown.mistakes.map((mistake) => mistake.text),
    ...branches.flatMap(({ text }) => text),
    ...told,
  ];
  return { mistakes: [...new Set(mistakes)], warnings: unknown.warnings };
}

/** Far more than any sensible specification takes, also on a machine that is busy. */
const PATIENCE_MS = 2_000;

// What has a reference that leads nowhere, or only to itself, is Airbyte's to judge, and so is what takes too long.
function errorsOf(schema: JsonObject, configuration: JsonObject): ErrorObject[] {
  const text = JSON.stringify(schema);
  try {
    const told = withinTime(() => validator(text, schema)(configuration), PATIENCE_MS);
    if (!told) validators.set(text, () => []);
    return told?.result ?? [];
  } catch {
    return [];
  }
}

type Validator = (configuration: JsonObject) => ErrorObject[];
const validators = new Map<string, Validator>();

// Compiling takes longer than all the rest of a check, and the many sources and destinations of a connector mostly narrow its
// specification to the same few schemas. ajv itself knows again only the very same object.
function validator(text: string, schema: JsonObject): Validator {
  const known = validators.get(text);
  if (known) return known;
  const validate = ajv.compile(schema);
  const errors: Validator = (configuration) => (validate(configuration) ? [] : (validate.errors ?? []));
  validators.set(text, errors);
  return errors;
}

// Most specifications say that they are of draft 7. What they use of it means the same here, and ajv would look for its schema.
function withoutHeader(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

interface Misspelling {
  text: string;
  /** The required key that was surely meant, so that its absence isn't told as well. */
  missing?: string;
}

function unknownKeys(top: Place, value: Json, connector: string) {
  const mistakes: Misspelling[] = [];
  const warnings: string[] = [];
  const look = (place: Place, inside: Json, at: string): void => {
    const known = place.keys;
    if (!isObject(inside)) return;
    for (const [key, item] of Object.entries(inside)) {
      const property = place.inside(key);
      look(property, item, `${at}.${key}`);
      if (!known || known.includes(key) || property.isDescribed || TYPE_KEYS.has(key)) continue;
      const where = at.replace(/^configuration\.?/, "");
      const what = `${at}.${key}: \`${key}\` is not a property of ${where ? `${where} of ` : ""}${connector}`;
      const near = nearest(
        key,
        known.filter((candidate) => !(candidate in inside)),
      );
      if (near === undefined) warnings.push(`${what}; Airbyte ignores it`);
      else mistakes.push({ text: `${what}; did you mean \`${near}\`?`, missing: `${at}.${near}` });
    }
  };
  look(top, value, "configuration");
  return { mistakes, warnings };
}

// The server keeps a connector's type beside the configuration and takes these out of it.
const TYPE_KEYS = new Set(["sourceType", "destinationType"]);

// A oneOf whose branch the value doesn't name: ajv would list the mistakes of every branch.
function undecided(
  schema: JsonObject,
  value: Json,
  path: string,
  root: JsonObject,
): { path: string; text: string[] }[] {
  if (value === UNKNOWN) return [];
  if (Array.isArray(schema.oneOf)) {
    const found = discriminator(schema.oneOf.filter(isObject), root);
    const given = isObject(value) && found ? value[found.key] : undefined;
    if (!found || !isObject(value)) return [];
    if (given === UNKNOWN) return [{ path, text: [] }];
    const choice = found.values.map((constant) => JSON.stringify(constant)).join(", ");
    return [{ path, text: [`${path}.${found.key}: expected one of ${choice}`] }];
  }
  if (!isObject(value)) return [];
  const properties = isObject(schema.properties) ? schema.properties : {};
  const inside = Object.entries(value).flatMap(([key, item]) => {
    const property = properties[key];
    return isObject(property) ? undecided(property, item, `${path}.${key}`, root) : [];
  });
  const together = Array.isArray(schema.allOf) ? schema.allOf.filter(isObject) : [];
  return [...inside, ...together.flatMap((each) => undecided(each, value, path, root))];
}

function isAboutUnknownValue({ data }: ErrorObject): boolean {
  return data === UNKNOWN || data === STORED;
}

function sentence(error: ErrorObject, connector: string): string {
  const place = placeOf(error);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return `${place}.${missingKey(error)}: ${connector} requires it`;
    case "type":
      return `${place}: expected ${String(params.type)}, found ${typeName(error.data)}`;
    case "enum":
      return `${place}: expected one of ${(params.allowedValues as unknown[]).map(asText).join(", ")}`;
    case "const":
      return `${place}: expected ${asText(params.allowedValue)}`;
    case "pattern": {
      const example = (error.parentSchema as { examples?: unknown[]; pattern_descriptor?: string } | undefined) ?? {};
      const form = example.pattern_descriptor ?? String(params.pattern);
      return `${place}: has another form than ${form}${example.examples?.length ? `, such as ${String(example.examples[0])}` : ""}`;
    }
    case "additionalProperties":
      return `${place}.${String(params.additionalProperty)}: is not a property of ${connector}`;
    default:
      return `${place}: ${error.message ?? error.keyword}`;
  }
}

function asText(allowed: unknown): string {
  return typeof allowed === "string" ? allowed : JSON.stringify(allowed);
}

function placeOf({ instancePath }: ErrorObject): string {
  const steps = instancePath.split("/").slice(1);
  return steps.reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : `${path}.${step}`), "configuration");
}

function missingKey(error: ErrorObject): string {
  return String((error.params as { missingProperty?: string }).missingProperty);
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}
