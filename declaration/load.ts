import { formatPath } from "../errors/configuration-error.ts";
import { check, isIssues, kindOf, showValue } from "../errors/zod-issues.ts";
import type { Issue } from "../errors/zod-issues.ts";
import type { Entry, Written } from "./entries.ts";
import { collect, positionOf } from "./entries.ts";
import { readFiles } from "./files.ts";
import { checkChoices } from "./choices.ts";
import { kindNames } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { checkLinks } from "./links.ts";
import { withManifest } from "./manifest.ts";
import { Mistakes } from "./mistakes.ts";
import type { References } from "./references.ts";
import { defaults as defaultSchemas, kinds } from "./schema.ts";
import type { Declaration } from "./schema.ts";
import { isMap, mapStrings, merge } from "./walk.ts";
import type { Path } from "./walk.ts";

/** Complete declarations of every kind, by logical name. Secrets are still tokens of `References`. */
export type Declarations = { [K in Kind]: Record<string, Declaration<K>> };

/**
 * Reads, merges, fills in and checks the files of the pipelines.
 *
 * @throws ConfigurationError with every mistake of every file
 */
export function load(projectDir: string, mainFile: string, references: References): Declarations {
  const mistakes = new Mistakes();
  const files = readFiles(projectDir, mainFile, mistakes);
  mistakes.throwIfAny(); // what couldn't be read would only make more mistakes of others

  const written = collect(files, mistakes);
  checkDefaults(written, references, mistakes);
  const declared = kindNames.map((kind) => {
    const checked = [...written.entries[kind].values()].map((entry) => {
      const isEnough = mistakes.size >= enoughMistakes;
      return [
        entry.name,
        isEnough ? undefined : declare(entry, { written, references, mistakes, projectDir }),
      ] as const;
    });
    return [kind, Object.fromEntries(checked.filter(([, declaration]) => declaration !== undefined))] as const;
  });
  mistakes.throwIfAny();
  // Each value has passed the schema of its kind.
  return Object.fromEntries(declared) as Declarations;
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

/** One declaration with its defaults, references and normal form; undefined where it has mistakes. */
function declare(entry: Entry, { written, references, mistakes, projectDir }: Loading): unknown {
  const { kind, name } = entry;
  const defaults = written.defaults[kind];
  const report: Report = (path, text) => {
    mistakes.add(positionOf(entry, defaults, path), [kind, name, ...path], references.inWords(text));
  };
  if (!isMap(entry.value)) {
    report([], `expected a map; found ${kindOf(entry.value)}`);
    return undefined;
  }
  const merged = merge(defaults?.value, entry.value);
  const { resolved, failed, problems } = resolveAll(merged, references);
  const result = check(kinds[kind], resolved, showValue);
  reportAll(problems, isIssues(result) ? result : [], report);
  checkLinks(kind, resolved, { written, failed, report });
  checkChoices(kind, resolved, failed, report);
  if (isIssues(result)) return undefined;
  if (!("manifestFile" in result)) return result;
  const { file } = positionOf(entry, defaults, ["manifestFile"]);
  return withManifest(result, file, projectDir, mistakes, (text) => report(["manifestFile"], text));
}

/** The value with its references resolved, and the places where that failed. */
function resolveAll(value: unknown, references: References) {
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
    if (references.isSealed(result) && !maySeal(path)) {
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
  const unknown = issues.filter(({ text }) => text.startsWith("unknown key"));
  const isBelow = (path: Path, key: PropertyKey[]) => key.every((step, index) => path[index] === step);
  const sensible = problems.filter(({ path }) => !unknown.some((issue) => isBelow(path, issue.path)));
  for (const { path, text } of sensible) report(path, text);
  const failed = new Set(problems.map(({ path }) => formatPath(path)));
  for (const issue of issues) {
    if (unknown.includes(issue) || !failed.has(formatPath(issue.path))) report(issue.path, issue.text);
  }
}

/** Secrets belong into what a connector or a mapper is configured with, and into a webhook's address. */
function maySeal(path: Path): boolean {
  if (path[0] === "notifications" && path.at(-1) === "url") return true;
  return path[0] === "configuration" || path[0] === "secretId" || path.includes("mapperConfiguration");
}

function checkDefaults(written: Written, references: References, mistakes: Mistakes): void {
  for (const kind of kindNames) {
    const defaults = written.defaults[kind];
    if (!defaults) continue;
    const report: Report = (path, text) => {
      mistakes.add(
        defaults.file.near([...defaults.path, ...path]),
        [...defaults.path, ...path],
        references.inWords(text),
      );
    };
    const { resolved, problems } = resolveAll(defaults.value, references);
    const result: unknown = check(defaultSchemas[kind], resolved, showValue);
    reportAll(problems, isIssues(result) ? result : [], report);
  }
}
