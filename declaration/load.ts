import { formatPath } from "../errors/user-error.ts";
import { check, isIssues, kindOf, needsQuotes, showValue } from "../errors/zod-issues.ts";
import type { Issue } from "../errors/zod-issues.ts";
import type { Entry, Written } from "./entries.ts";
import { collect, positionOf, writtenAt } from "./entries.ts";
import { readFiles, readManifest } from "./files.ts";
import { checkLinks } from "./links.ts";
import { sharedNames } from "./display-names.ts";
import { exclusiveMistakes, maySeal, type KindDescription } from "../providers/airbyte/kinds/describe.ts";
import { descriptionOf } from "../providers/airbyte/kinds/descriptions.ts";
import { sections, singular, type Section } from "../providers/airbyte/kinds/names.ts";
import { Mistakes } from "./mistakes.ts";
import { checkRenames } from "./renames.ts";
import type { References } from "./references.ts";
import { defaults as defaultSchemas, entries as entrySchemas, type Declarations } from "./schema.ts";
import { isMap, mapStrings, merge } from "./walk.ts";
import type { Path } from "./walk.ts";

/** All that the files say, right or not. */
export interface Loaded {
  /** As far as each is right: settings with mistakes are missing, and the declaration is complete only where there are none at all. */
  declarations: Declarations;
  mistakes: Mistakes;
  /** Notes a further mistake, at a path inside of a declaration. */
  report(section: Section, name: string, path: readonly PropertyKey[], text: string): void;
}

/**
 * Reads, merges, fills in and checks the files of the pipelines. Secrets are still tokens of `References`.
 *
 * @throws ConfigurationError where a file can't be read or parsed
 */
export function load(projectDir: string, mainFile: string, references: References): Loaded {
  const mistakes = new Mistakes();
  const files = readFiles(projectDir, mainFile, mistakes);
  mistakes.throwIfAny(); // what couldn't be read would only make more mistakes of others

  const written = collect(files, mistakes);
  checkDefaults(written, references, mistakes);
  const loading: Loading = { written, references, mistakes, projectDir };
  const declared = sections.map((section) => {
    const entries = [...written.entries[section].values()];
    const isEnough = () => mistakes.size >= enoughMistakes;
    const made = Object.fromEntries(entries.map((entry) => [entry.name, isEnough() ? {} : declare(entry, loading)]));
    checkNames(section, made, loading);
    return [section, made];
  });
  const all = Object.fromEntries(declared) as Record<string, Record<string, unknown>>;
  const report: Loaded["report"] = (section, name, path, text) => {
    const entry = written.entries[section].get(name);
    if (entry) reporting(entry, loading)(path, text);
  };
  for (const section of sections) {
    // What entries that are right by themselves can't be beside each other.
    const found = descriptionOf(section).together?.(all) ?? [];
    for (const { entry, path, text } of found) report(section, entry, path, text);
  }
  // Each value has passed the schema of its section, or parts of it where there are mistakes.
  const declarations = all as Declarations;
  checkRenames(declarations, written, report);
  return { declarations, mistakes, report };
}

/** Each looks for the nearest name among all; of thousands that takes minutes, and nobody reads them. */
const enoughMistakes = 500;

/** Keeps the secret that Airbyte has: the provider's business. */
const STORED = "${stored}";

type Report = (path: readonly PropertyKey[], text: string) => void;

interface Loading {
  written: Written;
  references: References;
  mistakes: Mistakes;
  projectDir: string;
}

/** Notes mistakes of an entry where they stand. */
function reporting(entry: Entry, { written, references, mistakes }: Loading): Report {
  const { section, name } = entry;
  return (path, text) => {
    const position = positionOf(entry, written.defaults[section], path);
    mistakes.add(position, [section, name, ...path], references.inWords(text));
  };
}

/** One declaration with its defaults, references and normal form, without the settings that have mistakes. */
function declare(entry: Entry, loading: Loading): Record<string, unknown> {
  const { written, references, mistakes, projectDir } = loading;
  const { section } = entry;
  const description = descriptionOf(section);
  const defaults = written.defaults[section];
  const wrong = new Set<PropertyKey | undefined>();
  const note = reporting(entry, loading);
  const report: Report = (path, text) => {
    wrong.add(path[0]);
    note(path, text);
  };
  if (!isMap(entry.value)) {
    report([], `expected a map; found ${kindOf(entry.value)}`);
    return {};
  }
  const merged = merge(defaults?.value, entry.value);
  const { resolved, failed, problems } = resolveAll(description, merged, references);
  const result: unknown = check(entrySchemas[section], resolved, showValue);
  const issues = isIssues(result)
    ? result.map((issue) => asWritten(issue, writtenAt(entry, defaults, issue.path)))
    : [];
  reportAll(problems, issues, report);
  checkLinks(section, resolved, { written, failed, report: note });
  const rules = [...exclusiveMistakes(description, resolved, "file"), ...(description.across?.(resolved) ?? [])];
  for (const { path, text } of rules) if (!failed.has(String(path[0]))) note(path, text);
  const right = Object.fromEntries(Object.entries(resolved).filter(([key]) => !wrong.has(key)));
  const partial: unknown = isIssues(result) || wrong.size > 0 ? check(defaultSchemas[section], right) : result;
  const { manifestFile, ...declaration } = (isIssues(partial) ? {} : partial) as { manifestFile?: string };
  if (manifestFile === undefined) return declaration;
  const { file } = positionOf(entry, defaults, ["manifestFile"]);
  const fail = (text: string) => note(["manifestFile"], text);
  const manifest = readManifest(manifestFile, file, projectDir, mistakes, fail);
  if (manifest === undefined) return declaration;
  const complete = { ...declaration, manifest };
  for (const { path, text } of description.across?.(complete) ?? []) fail(`${formatPath(path)}: ${text}`);
  return complete;
}

function checkNames(section: Section, declared: Record<string, Record<string, unknown>>, loading: Loading): void {
  const description = descriptionOf(section);
  if (!description.hasUniqueName) return;
  for (const { entry, first, name } of sharedNames(description, declared)) {
    const text = `the ${singular(section)} "${first}" has the name "${name}" in this ${description.hasUniqueName} already, and Airbyte takes it once`;
    reporting(loading.written.entries[section].get(entry)!, loading)(["name"], text);
  }
}

/** The value with its references resolved, and the places where that failed. */
function resolveAll(description: KindDescription, value: unknown, references: References) {
  const problems: { path: Path; text: string }[] = [];
  const failed = new Set<string>();
  const resolved = mapStrings(value, [], (text, path) => {
    const fail = (words: string) => {
      failed.add(formatPath(path));
      problems.push({ path, text: words });
    };
    const result = references.resolve(text, fail);
    if (text.includes(STORED) && (text !== STORED || path[0] !== "configuration")) {
      fail(`${STORED} stands alone, as the whole value of a secret in a configuration`);
    }
    if (text.includes("${first:") && path[0] !== "configuration") {
      fail("${first:…} works in a configuration alone: only there a connector changes values by itself");
    } else if (references.isSealed(result) && !maySeal(description, path)) {
      fail("a secret can't be used here: Airbyte shows this value, and previews compare it; use ${config:NAME}");
    }
    return result;
  });
  return { resolved: resolved as Record<string, unknown>, failed, problems };
}

/**
 * What the references and the schema have to say, but for what would mislead: the schema's words on a value that couldn't be resolved,
 * and anything below a key that isn't known, where nobody can tell what is allowed.
 */
function reportAll(problems: readonly { path: Path; text: string }[], issues: Issue[], report: Report): void {
  const unknown = issues.filter(({ isUnknownKey }) => isUnknownKey);
  const isBelow = (path: Path, key: PropertyKey[]) => key.every((step, index) => path[index] === step);
  const sensible = problems.filter(({ path }) => !unknown.some((issue) => isBelow(path, issue.path)));
  for (const { path, text } of sensible) report(path, text);
  const failed = new Set(problems.map(({ path }) => formatPath(path)));
  for (const issue of issues) {
    if (unknown.includes(issue) || !failed.has(formatPath(issue.path))) report(issue.path, issue.text);
  }
}

function checkDefaults(written: Written, references: References, mistakes: Mistakes): void {
  for (const section of sections) {
    const defaults = written.defaults[section];
    if (!defaults) continue;
    const report: Report = (path, text) => {
      mistakes.add(
        defaults.file.near([...defaults.path, ...path]),
        [...defaults.path, ...path],
        references.inWords(text),
      );
    };
    const { resolved, problems } = resolveAll(descriptionOf(section), defaults.value, references);
    const result: unknown = check(defaultSchemas[section], resolved, showValue);
    const issues = isIssues(result)
      ? result.map((issue) => asWritten(issue, writtenAt(defaults, undefined, issue.path)))
      : [];
    reportAll(problems, issues, report);
  }
}

/** What lacks quotes is told as it is written: 1.10 is read as 1.1. What an item or a reference has put there is written elsewhere. */
function asWritten(issue: Issue, written = ""): Issue {
  if (!issue.lacksQuotes) return issue;
  if (/^\$\{(number|boolean):/.test(written))
    return { ...issue, text: "expected text; ${config:NAME} gives it as text" };
  const text =
    written === "" || written.includes("${")
      ? "expected text; where it is written it needs quotes"
      : needsQuotes(written);
  return { ...issue, text };
}
