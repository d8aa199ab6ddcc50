import { didYouMean } from "../errors/nearest.ts";
import { UUID } from "../providers/airbyte/lifecycle/stored.ts";
import { descriptionOf } from "../providers/airbyte/kinds/descriptions.ts";
import { sectionOf, sections, singular, type Section } from "../providers/airbyte/kinds/names.ts";
import type { Written } from "./entries.ts";

type Report = (path: readonly PropertyKey[], text: string) => void;

/** Whether a reference is Airbyte's id of an object, and not the name of an entry. */
export function isId(reference: string): boolean {
  return UUID.test(reference);
}

/**
 * Checks that everything a declaration names is declared, and of the right kind.
 *
 * @param failed keys whose value couldn't be resolved: they are reported already
 */
export function checkLinks(
  section: Section,
  declaration: Record<string, unknown>,
  { written, failed, report }: { written: Written; failed: ReadonlySet<string>; report: Report },
): void {
  for (const [key, { refersTo }] of Object.entries(descriptionOf(section).fields)) {
    if (!refersTo || failed.has(key)) continue;
    const targets = refersTo.kinds.map((kind) => sectionOf(kind));
    const value = declaration[key];
    const isName = (name: unknown): name is string => typeof name === "string" && !(refersTo.orId && isId(name));
    const hint = refersTo.orId ? "; the id of one that others manage will do too" : "";
    const check = (name: string, path: readonly PropertyKey[]) =>
      checkLink(name, targets, written, (text) => report(path, text), hint);
    if (isName(value)) check(value, [key]);
    if (!Array.isArray(value)) continue;
    for (const [index, name] of value.entries()) {
      if (isName(name)) check(name, [key, index]);
    }
  }
}

function checkLink(
  name: string,
  targets: readonly Section[],
  written: Written,
  fail: (text: string) => void,
  hint: string,
): void {
  // An empty name is reported already, and of sections with mistaken templates nobody knows what there is.
  if (name === "" || targets.some((section) => written.incomplete.has(section))) return;
  const found = targets.filter((section) => written.entries[section].has(name));
  if (found.length === 1) return;
  if (found.length > 1) {
    fail(`"${name}" is declared under ${found.join(" and under ")}; give one of them another name`);
    return;
  }
  const wanted = targets.map(singular).join(" or ");
  const other = sections.find((section) => written.entries[section].has(name));
  const names = targets.flatMap((section) => [...written.entries[section].keys()]);
  if (other) return fail(`there is no ${wanted} "${name}"; "${name}" is a ${singular(other)}`);
  const guess = didYouMean(name, names);
  fail(`there is no ${wanted} "${name}"${guess}${guess.startsWith(";") ? "" : hint}`);
}
