import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Json, JsonObject } from "../api/types.ts";
import { WAIT } from "../api/waits.ts";
import { discriminator } from "../../../specification/discriminator.ts";
import { patterns } from "../../../specification/patterns.ts";
import { withinTime } from "../../../specification/within-time.ts";
import { Place } from "../../../specification/place.ts";
import { nearest } from "../../../errors/nearest.ts";
import { formatPath } from "../../../errors/user-error.ts";
import { issueInWords, type Issue } from "../../../errors/zod-issues.ts";
import { isObject, STORED, UNKNOWN } from "../lifecycle/canonical.ts";
import { applicable, type Specification } from "./schema.ts";

/** What is wrong with a configuration; no text holds a value. Paths begin with `configuration`. */
export interface Findings {
  mistakes: Issue[];
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
  const branches = undecided(narrowed, configuration, ["configuration"], schema);
  const errors = errorsOf(withoutHeader(narrowed), configuration);
  const unknown = unknownKeys(Place.of(schema, configuration, "named"), configuration, connector);
  const misspelled = new Set(unknown.mistakes.flatMap(({ missing }) => (missing ? [formatPath(missing)] : [])));
  const told = errors
    .filter((error) => !isAboutUnknownValue(error) && !branches.some(({ path }) => isBelow(pathOf(error), path)))
    .map((error) => issueOf(error, connector))
    .filter(({ path }) => !misspelled.has(formatPath(path)));
  const undecidable = branches.flatMap(({ issue }) => issue ?? []);
  const found = [...unknown.mistakes.map(({ issue }) => issue), ...undecidable, ...told];
  return {
    mistakes: [...new Map(found.map((issue) => [issueInWords(issue), issue])).values()],
    // The embedded Airbyte says so of connectors that it only plays: of the real one's settings it knows the most used.
    warnings: schema.simulated === true ? [] : unknown.warnings,
  };
}

// What has a reference that leads nowhere, or only to itself, is Airbyte's to judge, and so is what takes too long.
function errorsOf(schema: JsonObject, configuration: JsonObject): ErrorObject[] {
  const text = JSON.stringify(schema);
  try {
    const told = withinTime(() => validator(text, schema)(configuration), WAIT.specificationMs);
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
  issue: Issue;
  /** Where the key belongs that was surely meant, so that its absence isn't told as well. */
  missing?: PropertyKey[];
}

function unknownKeys(top: Place, value: Json, connector: string) {
  const mistakes: Misspelling[] = [];
  const warnings: string[] = [];
  const look = (place: Place, inside: Json, at: PropertyKey[]): void => {
    const known = place.keys;
    if (!isObject(inside)) return;
    for (const [key, item] of Object.entries(inside)) {
      const property = place.inside(key);
      const path = [...at, key];
      look(property, item, path);
      if (!known || known.includes(key) || property.isDescribed || TYPE_KEYS.has(key)) continue;
      const where = formatPath(at.slice(1));
      const text = `\`${key}\` is not a property of ${where ? `${where} of ` : ""}${connector}`;
      const near = nearest(
        key,
        known.filter((candidate) => !(candidate in inside)),
      );
      if (near === undefined) warnings.push(issueInWords({ path, text: `${text}; Airbyte ignores it` }));
      else {
        const issue = { path, text: `${text}; did you mean \`${near}\`?`, isUnknownKey: true };
        mistakes.push({ issue, missing: [...at, near] });
      }
    }
  };
  look(top, value, ["configuration"]);
  return { mistakes, warnings };
}

// The server keeps a connector's type beside the configuration and takes these out of it.
const TYPE_KEYS = new Set(["sourceType", "destinationType"]);

// A oneOf whose branch the value doesn't name: ajv would list the mistakes of every branch.
function undecided(
  schema: JsonObject,
  value: Json,
  path: PropertyKey[],
  root: JsonObject,
): { path: PropertyKey[]; issue?: Issue }[] {
  if (value === UNKNOWN) return [];
  if (Array.isArray(schema.oneOf)) {
    const found = discriminator(schema.oneOf.filter(isObject), root);
    const given = isObject(value) && found ? value[found.key] : undefined;
    if (!found || !isObject(value)) return [];
    if (given === UNKNOWN) return [{ path }];
    const choice = found.values.map((constant) => JSON.stringify(constant)).join(", ");
    return [{ path, issue: { path: [...path, found.key], text: `expected one of ${choice}` } }];
  }
  if (!isObject(value)) return [];
  const properties = isObject(schema.properties) ? schema.properties : {};
  const inside = Object.entries(value).flatMap(([key, item]) => {
    const property = properties[key];
    return isObject(property) ? undecided(property, item, [...path, key], root) : [];
  });
  const together = Array.isArray(schema.allOf) ? schema.allOf.filter(isObject) : [];
  return [...inside, ...together.flatMap((each) => undecided(each, value, path, root))];
}

function isAboutUnknownValue({ data }: ErrorObject): boolean {
  return data === UNKNOWN || data === STORED;
}

function issueOf(error: ErrorObject, connector: string): Issue {
  const path = pathOf(error);
  const params = error.params as Record<string, unknown>;
  if (error.keyword === "required") path.push(String(params.missingProperty));
  if (error.keyword === "additionalProperties") path.push(String(params.additionalProperty));
  return { path, text: textOf(error, connector) };
}

function textOf(error: ErrorObject, connector: string): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return `${connector} requires it`;
    case "type":
      return `expected ${String(params.type)}, found ${typeName(error.data)}`;
    case "enum":
      return `expected one of ${(params.allowedValues as unknown[]).map(asText).join(", ")}`;
    case "const":
      return `expected ${asText(params.allowedValue)}`;
    case "pattern": {
      const example = (error.parentSchema as { examples?: unknown[]; pattern_descriptor?: string } | undefined) ?? {};
      const form = example.pattern_descriptor ?? String(params.pattern);
      return `has another form than ${form}${example.examples?.length ? `, such as ${String(example.examples[0])}` : ""}`;
    }
    case "additionalProperties":
      return `is not a property of ${connector}`;
    default:
      return `${error.message ?? error.keyword}`;
  }
}

function asText(allowed: unknown): string {
  return typeof allowed === "string" ? allowed : JSON.stringify(allowed);
}

function pathOf({ instancePath }: ErrorObject): PropertyKey[] {
  const steps = instancePath.split("/").slice(1);
  const readable = steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return ["configuration", ...readable.map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
}

function isBelow(path: readonly PropertyKey[], place: readonly PropertyKey[]): boolean {
  return place.every((step, index) => path[index] === step);
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}
