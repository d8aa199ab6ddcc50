import { ConfigurationError, shellQuoted } from "../../../errors/user-error.ts";
import { referencedNames, type ReferencedNames } from "../../../declaration/names.ts";
import { secretKeys } from "../../../settings/settings.ts";
import { isSecret, lookUp, type StackFacts } from "../../stack/stack-facts.ts";
import type { Report } from "../doctor/report.ts";
import { isPlaceholder } from "../../stack/config.ts";

/** What the pipelines want of the other stack's configuration, and it hasn't got. */
interface Missing {
  /** Secrets that the first stack has: they can be carried over. */
  carriable: string[];
  /** Secrets that a person has to set, each with the reason why the first stack's doesn't do. */
  toSet: { name: string; why: string }[];
  /** Plain values, with the first stack's own. */
  values: { name: string; first: string | undefined }[];
}

/** @param mayHavePlaceholders whether the other stack is a trial too, where a made-up secret does */
export function missingValues(
  { secrets, values }: ReferencedNames,
  from: StackFacts,
  to: StackFacts,
  mayHavePlaceholders: boolean,
): Missing {
  const [first, other] = [lookUp(from), lookUp(to)];
  const isMissing = (name: string) => {
    const value = other(name);
    return value === undefined || (isPlaceholder(value) && !mayHavePlaceholders);
  };
  const why = (name: string): string | undefined => {
    const value = first(name);
    if (value === undefined) return `${from.stack} has none either`;
    if (isPlaceholder(value)) return `${from.stack} has a made-up placeholder, which opens nothing`;
    if ((secretKeys as readonly string[]).includes(name)) return `${from.stack}'s opens its own Airbyte`;
    return undefined;
  };
  const missing = secrets.filter(isMissing).map((name) => ({ name, why: why(name) }));
  return {
    carriable: missing.flatMap(({ name, why }) => (why === undefined ? [name] : [])),
    toSet: missing.flatMap(({ name, why }) => (why === undefined ? [] : [{ name, why }])),
    values: values
      .filter((name) => other(name) === undefined)
      .map((name) => ({ name, first: isSecret(from, name) ? undefined : first(name) })),
  };
}

/** Says what is missing, with the commands that set it; what is carried over is no failure. */
export function reportMissing(
  report: Report,
  missing: Missing,
  from: StackFacts,
  to: StackFacts,
  carry: boolean,
): void {
  const set = (words: string) => `npm run pulumi -- config set ${words} --stack ${to.stack}`;
  const { carriable, toSet, values } = missing;
  const left = [...toSet, ...(carry ? [] : carriable.map((name) => ({ name, why: undefined })))];
  if (left.length > 0) {
    const lines = left.map(({ name, why }) => set(`--secret ${name}`) + (why === undefined ? "" : `   (${why})`));
    const offer = carry || carriable.length === 0 ? [] : [`or carry ${from.stack}'s own over: --with-secrets`];
    report.fail("secrets", `${to.stack} lacks ${left.length} of those that the pipelines name`, [...lines, ...offer]);
  }
  if (carry && carriable.length > 0) report.info("secrets", `carried over from ${from.stack}: ${carriable.join(", ")}`);
  if (values.length > 0) {
    const lines = values.map(({ name, first }) => set(`${name} ${first === undefined ? "VALUE" : shellQuoted(first)}`));
    const found = `${to.stack} lacks ${values.length} of those that the pipelines name; shown is ${from.stack}'s own`;
    report.fail("values", found, lines);
  }
}

/** The other stack as it will be: with what is carried over, and nothing missing that is told already. */
export function completed(to: StackFacts, from: StackFacts, missing: Missing): StackFacts {
  const first = lookUp(from);
  const values = { ...to.values };
  for (const name of [...missing.carriable, ...missing.toSet.map((one) => one.name)])
    values[`${to.project}:${name}`] = { value: first(name) ?? "", secret: true };
  for (const { name, first: plain } of missing.values)
    values[`${to.project}:${name}`] = { value: plain ?? "", secret: false };
  return { ...to, values, fillsSecrets: false };
}

/** What the pipelines name; nothing where their files have mistakes, which are told with the rest. */
export function namesIn(projectDir: string, facts: StackFacts): ReferencedNames {
  try {
    return referencedNames(projectDir, lookUp(facts)("pipelines"));
  } catch (error) {
    if (error instanceof ConfigurationError) return { secrets: [], values: [] };
    throw error;
  }
}
