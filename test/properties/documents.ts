import fc from "fast-check";
import { stringify } from "yaml";
import { oddText, oddValue, plainText } from "./odd.ts";

/** A document as data: kinds, names, settings. */
export type Document = Record<string, Record<string, Record<string, unknown>>>;

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** A record without the keys that are left out. */
function settings(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const defined = (map: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
  return fc.record(shape).map(defined);
}

const named = (shape: fc.Arbitrary<Record<string, unknown>>, maxKeys = 3) =>
  fc.dictionary(plainText, shape, { maxKeys, noNullPrototype: true });

const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, min: -1, max: 1 }));
const scalar = fc.oneof(plainText, fc.constant(""), number, fc.boolean(), fc.constant(null));
const { configuration } = fc.letrec<{ value: unknown; configuration: Record<string, unknown> }>((tie) => ({
  configuration: fc.dictionary(plainText, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie("value"), { maxLength: 3 }), tie("configuration")),
}));

const common = {
  name: optional(plainText),
  protect: optional(fc.boolean()),
  adopt: optional(fc.oneof(fc.boolean(), fc.uuid())),
};
const connector = fc.oneof(
  plainText.map((name) => ({ connector: name })),
  fc.uuid().map((definitionId) => ({ definitionId })),
);
const actor = fc
  .tuple(settings({ ...common, configuration: optional(configuration), check: optional(fc.boolean()) }), connector)
  .map(([given, which]) => ({ ...given, ...which }));

const schedule = fc.oneof(
  fc.constantFrom<unknown>("manual", { cron: "0 0 6 * * ?" }, { cron: "0 0 6 * * ?", timeZone: "Europe/Berlin" }),
  fc.constantFrom("1 hour", "6 hours", "day", "week").map((every) => ({ every })),
);
const streams = fc.uniqueArray(plainText, { minLength: 1, maxLength: 3 });

/** Of the settings of its sources a manifest always tells. */
const manifest = configuration.map((streams) => ({ ...streams, version: "6.48.0", spec: {} }));

/** A document that says what it should, however odd its names are. */
export const validDocument: fc.Arbitrary<Document> = fc
  .record({
    sources: named(actor),
    destinations: named(actor),
    workspaces: named(settings(common)),
    tags: named(settings({ color: fc.constantFrom("1F77B4", "ffffff"), protect: common.protect })),
    applications: named(settings(common), 1),
    permissions: named(settings({ permissionType: fc.constant("workspace_reader"), userId: fc.uuid() }), 1),
    declarativeSourceDefinitions: named(settings({ ...common, manifest }), 1),
  })
  .chain((base) => {
    const [sources, destinations] = [Object.keys(base.sources), Object.keys(base.destinations)];
    if (sources.length * destinations.length === 0) return fc.constant({ ...base, connections: {} });
    const connection = settings({
      ...common,
      source: fc.constantFrom(...sources),
      destination: fc.constantFrom(...destinations),
      schedule: optional(schedule),
      streams: optional(streams),
      tags: optional(fc.subarray(Object.keys(base.tags))),
      prefix: optional(plainText),
    });
    return named(connection).map((connections) => ({ ...base, connections }));
  });

/** As people write YAML: in blocks, or as JSON. */
export function written(document: unknown, asJson: boolean): string {
  return asJson ? JSON.stringify(document) : stringify(document);
}

interface Mutation {
  /** Where to go from each map and list, as a part of its length. */
  steps: number[];
  change: "drop" | "rename" | "replace" | "add";
  text: string;
  value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  steps: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 5 }),
  change: fc.constantFrom("drop" as const, "rename" as const, "replace" as const, "add" as const),
  text: fc.oneof(oddText, fc.constantFrom("sources", "forEach", "connector", "workspace", "defaults", "manifestFile")),
  value: oddValue,
});

/** A valid document with some changes that may make it a wrong one. */
export const mutatedDocument: fc.Arbitrary<unknown> = fc
  .tuple(validDocument, fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([document, mutations]) => mutations.reduce<unknown>(mutate, document));

function mutate(value: unknown, { steps, ...how }: Mutation): unknown {
  const [step, ...rest] = steps;
  if (typeof value !== "object" || value === null || step === undefined) return how.value;
  const entries: [string, unknown][] = Object.entries(value);
  const index = Math.floor(step * entries.length);
  const [key, inner] = entries[index] ?? ["", undefined];
  if (rest.length > 0 && typeof inner === "object" && inner !== null) {
    entries[index] = [key, mutate(inner, { steps: rest, ...how })];
  } else if (how.change === "drop") entries.splice(index, 1);
  else if (how.change === "rename") entries[index] = [how.text, inner];
  else if (how.change === "replace") entries[index] = [key, how.value];
  else entries.push([how.text, how.value]);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

const tokens =
  "sources: |destinations:|connections:|defaults:|forEach: |connector: |faker|a|b|1|~|\n|\n  |\n    |- |? |: |, |{|}|[|]|&a |*a|<<: |!!binary |!x |'|\"|\\|${|}|secret:|# |---\n|...\n|%YAML 1.1\n|\t|\r|\ufeff|\0|>\n||-\n";

/** Texts that look like YAML from afar. */
export const yamlishText = fc
  .array(fc.oneof(fc.constantFrom(...tokens.split("|")), oddText), { maxLength: 40 })
  .map((parts) => parts.join(""));

/** The text of a document with something cut out and something else put in. */
export const brokenText = fc
  .tuple(validDocument, fc.boolean(), fc.nat(), fc.nat(40), yamlishText)
  .map(([document, asJson, at, length, text]) => {
    const whole = written(document, asJson);
    const start = at % (whole.length + 1);
    return whole.slice(0, start) + text + whole.slice(start + length);
  });
