import type { Adoption } from "./adoption.ts";
import { same, UNKNOWN } from "./canonical.ts";
import type { CommonInputs } from "./handler.ts";
import type { ObjectKind } from "./object-kind.ts";

// How a declaration and what the server shows are put beside each other, for every kind of object.

type Props = Record<string, unknown>;

/** What the server has of what is declared; settings that nobody declared are left out. */
export function seen<I extends CommonInputs, T extends { id: string }>(
  kind: ObjectKind<I, T>,
  declared: I,
  object: T,
): I {
  const result: Props = Object.fromEntries(Object.entries(declared));
  for (const [key, actual] of Object.entries(kind.shown(object, declared))) {
    // The same object where nothing differs, so that the order of keys in the state stays.
    if (result[key] !== undefined && !same(actual, result[key])) result[key] = actual;
  }
  return result as unknown as I;
}

/** What an object on the server goes by. */
export function nameOf<I extends CommonInputs, T extends { id: string }>(
  kind: ObjectKind<I, T>,
  like: I,
  object: T,
): string {
  return kind.nameOf({ ...like, ...kind.shown(object, like) });
}

/** Whether an object can be the one that an unfinished creation made. */
export function isAlike<I extends CommonInputs, T extends { id: string }>(
  kind: ObjectKind<I, T>,
  like: I,
  { name, identity }: Pick<Adoption<T>["intention"], "name" | "identity">,
  object: T,
): boolean {
  const found = { ...like, ...kind.shown(object, like) };
  return kind.nameOf(found) === name && same(kind.identity(found), identity);
}

/** Settings that can't change on an existing object and differ, as sentences. */
export function conflicts<I extends CommonInputs, T extends { id: string }>(
  kind: ObjectKind<I, T>,
  fixed: readonly string[],
  declared: I,
  object: T,
): string[] {
  const shown = kind.shown(object, declared) as Props;
  const wanted = declared as unknown as Props;
  return fixed
    .filter((key) => key in shown && wanted[key] !== UNKNOWN && !same(shown[key], wanted[key]))
    .map((key) => `its ${key} is ${String(shown[key])}, declared is ${String(wanted[key])}`);
}

/** Settings of the creation alone that differ from those of then, as sentences. */
export function stuck(kind: string, keys: readonly string[], before: Props | undefined, now: Props): string[] {
  return keys
    .filter((key) => before?.[key] !== undefined && now[key] !== undefined && !same(before[key], now[key]))
    .map((key) => `${key}: can't be changed once the ${kind} is there; set it back`);
}
