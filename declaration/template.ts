import { didYouMean } from "../errors/nearest.ts";
import { sizeOf, tooLarge } from "./document.ts";
import { isMap, mapStrings } from "./walk.ts";
import type { Path } from "./walk.ts";

/** One declaration made from an entry: its logical name, and its value without `forEach`. */
export interface Expanded {
  name: string;
  value: unknown;
}

/** Reports a mistake at a path inside the entry; the empty path is the entry itself. */
export type Fail = (path: Path, text: string) => void;

/** Whether there is room for so many characters more. */
export type Take = (size: number) => boolean;

const eachOrEscape = /\$\$\{|\$\{each(?:\.([^{}]*))?\}/g;
const onlyEach = /^\$\{each(?:\.([^{}]*))?\}$/;

/**
 * An entry as it stands, or, where it has `forEach`, one declaration for every item of that list. `${each}` is the item and
 * `${each.a.b}` a part of it, in the entry's name and in every string inside. A string that is nothing else keeps the item's type.
 * Returns undefined where a mistake was reported.
 */
export function expand(name: string, entry: unknown, take: Take, fail: Fail): Expanded[] | undefined {
  if (!isMap(entry) || !Object.hasOwn(entry, "forEach")) {
    if (!take(sizeOf(entry))) {
      fail([], `with this the files declare ${tooLarge}`);
      return undefined;
    }
    if (!name.includes("${")) return [{ name, value: entry }];
    fail([], name.includes("${each") ? "${each} in a name needs forEach in the entry" : "a name can't hold ${…} here");
    return undefined;
  }
  const { forEach, ...body } = entry;
  if (JSON.stringify(forEach)?.replaceAll("$${", "").includes("${each")) {
    fail(["forEach"], "refers to itself: ${each} stands for its items, so they can't be made of it");
    return undefined;
  }
  if (!Array.isArray(forEach)) {
    fail(["forEach"], "expected a list, of single values or maps");
    return undefined;
  }
  if (!name.includes("${each")) {
    fail(
      [],
      "an entry with forEach needs ${each} or ${each.…} in its name, or all its copies would have the same name",
    );
    return undefined;
  }
  const size = sizeOf(body);
  const copies: (Expanded | undefined)[] = [];
  for (const [index, item] of (forEach as unknown[]).entries()) {
    let isFull = !take(size);
    if (!isFull) copies.push(copy(name, body, item, ["forEach", index], (more) => !(isFull ||= !take(more)), fail));
    if (isFull) {
      fail(["forEach"], `with its copies the files declare ${tooLarge}`);
      return undefined;
    }
  }
  return copies.every((made) => made !== undefined) ? copies : undefined;
}

function copy(
  name: string,
  body: unknown,
  item: unknown,
  itemPath: Path,
  take: Take,
  fail: Fail,
): Expanded | undefined {
  if (item === null || Array.isArray(item)) {
    fail(itemPath, `expected a single value or a map; found ${item === null ? "nothing" : "a list"}`);
    return undefined;
  }
  let failed = false;
  const report: Fail = (path, text) => {
    failed = true;
    fail(path, text);
  };
  const value = mapStrings(body, [], (text, path) => fill(text, item, take, (words) => report(path, words)));
  const filled = fill(name, item, take, (words) => report([], words));
  const filledName = isScalar(filled) ? String(filled) : "";
  if (!failed && (filledName === "" || filledName.includes("${"))) {
    report(itemPath, `makes the name ${JSON.stringify(filledName)}, which can't be one`);
  }
  return failed ? undefined : { name: filledName, value };
}

/** Where there is no room for what is put in, nothing is: whoever gave `take` knows. */
function fill(text: string, item: unknown, take: Take, fail: (text: string) => void): unknown {
  const only = onlyEach.exec(text);
  if (only) {
    const value = pick(item, only[1], fail);
    return take(sizeOf(value)) ? value : "";
  }
  return text.replace(eachOrEscape, (match, path: string | undefined) => {
    if (match === "$${") return match; // a literal `${`, undone when references are resolved
    const value = pick(item, path, fail);
    if (!take(sizeOf(value))) return "";
    if (value === undefined || isScalar(value)) return String(value);
    fail(
      `${match} is ${Array.isArray(value) ? "a list" : value === null ? "nothing" : "a map"} and can't be part of a text`,
    );
    return match;
  });
}

function pick(item: unknown, path: string | undefined, fail: (text: string) => void): unknown {
  let value = item;
  for (const step of path === undefined ? [] : path.split(".")) {
    const known = isMap(value) ? Object.keys(value) : Array.isArray(value) ? Object.keys(value) : [];
    if (!known.includes(step)) {
      fail(`\${each.${path}} is not in every item of forEach: no "${step}"${didYouMean(step, known)}`);
      return undefined;
    }
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
