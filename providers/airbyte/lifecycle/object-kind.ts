import type { Issue } from "../../../errors/zod-issues.ts";
import type { AirbyteApi } from "../api/airbyte-api.ts";
import type { AirbyteError } from "../api/errors.ts";
import type { KindDescription } from "../kinds/describe.ts";
import type { CommonInputs, Context } from "./handler.ts";
import type { Adoption } from "./adoption.ts";
import { UNKNOWN, same } from "./canonical.ts";

/**
 * What makes the life of one kind of object differ from that of the others, beyond its description; all else is the same
 * (`ObjectHandler`). `I` is what a program declares, `T` what the server shows.
 */
export interface ObjectLife<I extends CommonInputs, T extends { id: string }> {
  /** What an object goes by, where one is looked for by name. @default its name */
  nameOf?(inputs: I): string;
  /** What an unfinished creation is found again by, beside the name. @default nothing */
  identity?(inputs: I): Record<string, string>;
  /** What the server has of the settings, in the shape of the inputs. @default the settings of the same names */
  shown?(object: T, declared: I): Partial<I>;
  /** Epoch seconds; left out where Airbyte doesn't tell. */
  createdAt?: (object: T) => number;
  /** Outputs beside the inputs, by name. */
  outputs?: Record<string, (object: T) => unknown>;
  /** Inputs that stand for others: looked up, they are not asked for again as long as they stay. */
  lookup?: Lookup<I>;
  /** Where the server allows one only: the one that is there. */
  inTheWay?(inputs: I, context: Context): Promise<Obstacle | undefined>;
  /**
   * What a refusal means, where the server's own words don't tell; undefined where they do.
   *
   * @param id of the one that was to be changed; undefined for a creation.
   */
  meaning?(refused: AirbyteError, inputs: I, context: Context, id?: string): Promise<Explanation | undefined>;
  /** What has to be done before the server is asked to delete it. */
  beforeDelete?(id: string, api: AirbyteApi): Promise<void>;
  /** The connectors that the Airbyte has are others now. */
  changesConnectors?: boolean;
}

/** A life with its defaults filled in. */
export interface ObjectKind<I extends CommonInputs, T extends { id: string }> extends ObjectLife<I, T> {
  nameOf(this: void, inputs: I): string;
  identity(this: void, inputs: I): Record<string, string>;
  shown(this: void, object: T, declared: I): Partial<I>;
}

export function objectKind<I extends CommonInputs, T extends { id: string }>(
  { fields }: KindDescription,
  life: ObjectLife<I, T>,
): ObjectKind<I, T> {
  return {
    nameOf: (inputs) => String((inputs as { name?: unknown }).name),
    identity: () => ({}),
    shown: (object) => {
      const settings = Object.entries(object).filter(
        ([key, value]) => Object.hasOwn(fields, key) && value !== undefined,
      );
      return Object.fromEntries(settings) as Partial<I>;
    },
    ...life,
  };
}

/** A sentence, and what to do. */
export interface Explanation {
  what: string;
  next: string;
}

/** An object that a creation would be answered with, as if it were new. */
export interface Obstacle extends Explanation {
  id: string;
}

/** An input that is filled in by what another one stands for. */
export interface Lookup<I> {
  /** What a person gives. */
  by: keyof I & string;
  /** What Airbyte wants. */
  fills: keyof I & string;
  /** The value, or why there is none. */
  find(inputs: I, context: Context): Promise<{ value: string } | { mistake: Issue }>;
}

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
