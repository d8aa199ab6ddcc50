import type { AirbyteApi } from "../api/airbyte-api.ts";
import type { AirbyteError } from "../api/errors.ts";
import type { KindDescription } from "../kinds/describe.ts";
import type { CommonInputs, Context } from "./handler.ts";

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
  /** The value, or a sentence that says why there is none. */
  find(inputs: I, context: Context): Promise<{ value: string } | { mistake: string }>;
}
