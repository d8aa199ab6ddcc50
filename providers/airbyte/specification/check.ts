import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Json, JsonObject } from "../api/types.ts";
import { WAIT } from "../api/waits.ts";
import { discriminator } from "../../../specification/references.ts";
import { patterns, withinTime } from "../../../specification/patterns.ts";
import { Place } from "../../../specification/place.ts";
import { nearest } from "../../../errors/nearest.ts";
import { formatPath } from "../../../errors/user-error.ts";
import { issueInWords, showValue, type Issue } from "../../../errors/zod-issues.ts";
import { possibleSecrets } from "../api/redact.ts";
import { isObject, STORED, UNKNOWN } from "../lifecycle/canonical.ts";
import { applicable, secrecyOf, type Specification } from "./schema.ts";

/** What is wrong with a configuration; no text holds a value that may be a secret. Paths begin with `configuration`. */
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
  const found: Found = (path, value, choices) => foundIn({ configuration, schema }, path, value, choices);
  const branches = undecided(narrowed, configuration, ["configuration"], { root: schema, found });
  const errors = errorsOf(withoutHeader(narrowed), configuration);
  const unknown = unknownKeys(Place.of(schema, configuration, "named"), configuration, connector);
  const misspelled = new Set(unknown.mistakes.flatMap(({ missing }) => (missing ? [formatPath(missing)] : [])));
  const told = errors
    .filter((error) => !isAboutUnknownValue(error) && !branches.some(({ path }) => isBelow(pathOf(error), path)))
    .map((error) => issueOf(error, connector, found))
    .filter(({ path }) => !misspelled.has(formatPath(path)));
  const undecidable = branches.flatMap(({ issue }) => issue ?? []);
  const all = [...unknown.mistakes.map(({ issue }) => issue), ...undecidable, ...told];
  return {
    mistakes: [...new Map(all.map((issue) => [issueInWords(issue), issue])).values()],
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

type Path = (string | number)[];

/** What was found at a place, and the choice near it, as the end of a sentence; empty where it may be a secret. */
type Found = (path: Path, value: unknown, choices?: readonly unknown[]) => string;

function foundIn(
  { configuration, schema }: { configuration: JsonObject; schema: JsonObject },
  path: Path,
  value: unknown,
  choices: readonly unknown[] = [],
): string {
  if (value === undefined || (typeof value === "object" && value !== null)) return "";
  if (secrecyOf(schema, configuration, path.slice(1)) !== "plain") return "";
  const near = typeof value === "string" ? nearest(value, choices.map(asText)) : undefined;
  const guess = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
  const key = path.findLast((step) => typeof step === "string") ?? "";
  return (possibleSecrets(value, key).length > 0 ? "" : `; found ${showValue(value)}`) + guess;
}

// A oneOf whose branch the value doesn't name: ajv would list the mistakes of every branch.
function undecided(
  schema: JsonObject,
  value: Json,
  path: Path,
  { root, found }: { root: JsonObject; found: Found },
): { path: Path; issue?: Issue }[] {
  if (value === UNKNOWN) return [];
  if (Array.isArray(schema.oneOf)) {
    const branches = discriminator(schema.oneOf.filter(isObject), root);
    if (!branches || !isObject(value)) return [];
    const { key, values } = branches;
    const given = value[key];
    if (given === UNKNOWN) return [{ path }];
    const choice = values.map((constant) => JSON.stringify(constant)).join(", ");
    const place = [...path, key];
    return [{ path, issue: { path: place, text: `expected one of ${choice}${found(place, given, values)}` } }];
  }
  if (!isObject(value)) return [];
  const properties = isObject(schema.properties) ? schema.properties : {};
  const inside = Object.entries(value).flatMap(([key, item]) => {
    const property = properties[key];
    return isObject(property) ? undecided(property, item, [...path, key], { root, found }) : [];
  });
  const together = Array.isArray(schema.allOf) ? schema.allOf.filter(isObject) : [];
  return [...inside, ...together.flatMap((each) => undecided(each, value, path, { root, found }))];
}

function isAboutUnknownValue({ data }: ErrorObject): boolean {
  return data === UNKNOWN || data === STORED;
}

function issueOf(error: ErrorObject, connector: string, found: Found): Issue {
  const path = pathOf(error);
  const params = error.params as Record<string, unknown>;
  const text = textOf(error, connector, (choices) => found(path, error.data, choices));
  if (error.keyword === "required") path.push(String(params.missingProperty));
  if (error.keyword === "additionalProperties") path.push(String(params.additionalProperty));
  return { path, text };
}

function textOf(error: ErrorObject, connector: string, found: (choices?: readonly unknown[]) => string): string {
  const params = error.params as Record<string, unknown>;
  const allowed = Array.isArray(params.allowedValues) ? (params.allowedValues as unknown[]) : [];
  switch (error.keyword) {
    case "required":
      return `${connector} requires it`;
    case "type":
      return `expected ${String(params.type)}, found ${typeName(error.data)}`;
    case "enum":
      return `expected one of ${allowed.map(asText).join(", ")}${found(allowed)}`;
    case "const":
      return `expected ${asText(params.allowedValue)}${found([params.allowedValue])}`;
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return `expected ${LIMITS[error.keyword]} ${String(params.limit)}${unitOf(error)}${found()}`;
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

const LIMITS = {
  minimum: "at least",
  maximum: "at most",
  exclusiveMinimum: "more than",
  exclusiveMaximum: "less than",
} as const;

/** What is counted, which specifications say in titles alone: `Initial Waiting Time in Seconds`. */
function unitOf({ parentSchema }: ErrorObject): string {
  const title = (parentSchema as { title?: unknown } | undefined)?.title;
  const isUnit = typeof title === "string" && /second|minute|hour|day|byte|\b[kmg]b\b|row|record|percent/i.test(title);
  return isUnit ? ` (${title})` : "";
}

function pathOf({ instancePath }: ErrorObject): Path {
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
