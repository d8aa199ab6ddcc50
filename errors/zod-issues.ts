import { z } from "zod";
import { didYouMean, nearest } from "./nearest.ts";
import { formatPath } from "./user-error.ts";

/** One mistake that zod found: where, and what a person should know about it. */
export interface Issue {
  path: PropertyKey[];
  text: string;
  /** The key stands where the schema knows none of that name. */
  isUnknownKey?: boolean;
  /** A command that mends it, where that isn't to set the value anew. */
  remedy?: string;
  /** The text is `needsQuotes` of a number, true or false: whoever knows how that was written says so in its place. */
  lacksQuotes?: true;
}

/** A mistake without the file that it stands in, as a program's resource has it: `configuration.port: postgres requires it`. */
export function issueInWords({ path, text }: Pick<Issue, "path" | "text">): string {
  return path.length === 0 ? text : `${formatPath(path)}: ${text}`;
}

/**
 * How a found value is shown in a message; must not show secrets. Of what stands where the schema wants
 * a map, or a list of maps, the kind alone is told: it may be all of a configuration as one text.
 */
type Show = (value: unknown) => string;

/** Parses `value`; either the result or every issue, in plain words. Not for schemas of lists: `isIssues` tells the two apart by that. */
export function check<S extends z.ZodType>(schema: S, value: unknown, show: Show = showValue): z.output<S> | Issue[] {
  const result = schema.safeParse(value, { error: (issue) => explain(issue, show), reportInput: true });
  return result.success ? result.data : withoutMeant(result.error.issues.flatMap(flatten), value);
}

/** What is missing since its key is misspelt is told once: of the key that is there. */
function withoutMeant(issues: Issue[], value: unknown): Issue[] {
  const isBeside = (one: Issue, other: Issue) =>
    formatPath(one.path.slice(0, -1)) === formatPath(other.path.slice(0, -1));
  const missing = issues.filter((issue) => !issue.isUnknownKey && valueAt(value, issue.path) === undefined);
  const meant = issues.flatMap((issue) => {
    if (!issue.isUnknownKey) return [];
    const siblings = missing.filter((other) => isBeside(other, issue));
    const near = nearest(
      String(issue.path.at(-1)),
      siblings.map(({ path }) => String(path.at(-1))),
    );
    return siblings.filter(({ path }) => path.at(-1) === near);
  });
  return issues.filter((issue) => !meant.includes(issue));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isMap(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
    value,
  );
}

function isMap(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether `check` found mistakes. */
export function isIssues(result: unknown): result is Issue[] {
  return Array.isArray(result);
}

/** @param found as it was written: 1.10 is another text than the number that it is read as */
export function needsQuotes(found: string): string {
  return `expected text; found ${found}, which needs quotes to be text: "${found}"`;
}

/** What a value is, and nothing of it. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return "a text";
  return typeof value === "number" ? "a number" : showValue(value);
}

/** A short, quoted form of a value; collections by their kind only. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

const expectedWords: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
};

function explain(issue: z.core.$ZodRawIssue, show: Show): string | undefined {
  switch (issue.code) {
    case "invalid_type": {
      const expected = expectedWords[issue.expected] ?? issue.expected;
      if (issue.input === undefined) return `is missing; expected ${expected}`;
      return expectation(expected, issue.input, wantsMaps(issue) ? kindOf : show);
    }
    case "invalid_value": {
      const values = issue.values.map(String);
      const expected = values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
      if (issue.input === undefined) return `is missing; expected ${expected}`;
      const guess = typeof issue.input === "string" ? didYouMean(issue.input, values) : "";
      return expectation(expected, issue.input, show) + (guess.startsWith(";") ? guess : "");
    }
    case "invalid_format":
      return expectation(issue.format === "guid" ? "a UUID" : `text of the form ${issue.format}`, issue.input, show);
    case "unrecognized_keys": {
      const known = knownKeys(issue.inst);
      // One line per key; `flatten` takes them apart again.
      return issue.keys.map((key) => `unknown key${didYouMean(key, known)}`).join("\n");
    }
    case "too_small":
      return issue.origin === "array"
        ? "the list is empty"
        : expectation(`at least ${issue.minimum}`, issue.input, show);
    case "too_big":
      return expectation(`at most ${issue.maximum}`, issue.input, show);
    case "custom": {
      const expected: unknown = issue.params?.expected;
      return typeof expected === "string" ? expectation(expected, issue.input, show) : undefined;
    }
    case "invalid_element":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
      return undefined; // the schema's own words, or zod's
  }
}

function wantsMaps({ expected, inst }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): boolean {
  if (inst instanceof z.ZodArray) return inst.element instanceof z.ZodObject;
  return expected === "object" || expected === "record";
}

function expectation(expected: string, input: unknown, show: Show): string {
  return `expected ${expected}; found ${show(input)}`;
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function flatten(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === "unrecognized_keys") {
    const texts = issue.message.split("\n");
    return issue.keys.map((key, index) => ({
      path: [...issue.path, key],
      text: texts[index] ?? "unknown key",
      isUnknownKey: true,
    }));
  }
  if (issue.code === "invalid_union") {
    // The branch that the user meant is the one whose outer form fits; its inner mistakes say more than "none of these".
    const meant = issue.errors.filter((branch) =>
      branch.some((i) => i.path.length > 0 || i.code === "unrecognized_keys"),
    );
    const only = meant.length === 1 ? meant[0] : undefined;
    if (only) return only.flatMap(flatten).map((found) => ({ ...found, path: [...issue.path, ...found.path] }));
  }
  const lacksQuotes =
    ["number", "boolean"].includes(typeof issue.input) && issue.message === needsQuotes(String(issue.input));
  return [{ path: issue.path, text: issue.message, ...(lacksQuotes ? { lacksQuotes } : {}) }];
}
