import type { AirbyteApi } from "../api/airbyte-api.ts";
import type { AirbyteError } from "../api/errors.ts";
import type { AirbyteObjects, ObjectCalls } from "../api/object-calls.ts";
import type { CommonInputs, Context } from "./handler.ts";

/**
 * What makes one kind of object differ from the others; all else of its life is the same (`ObjectHandler`). `I` is what
 * a program declares, `T` what the server shows.
 */
export interface ObjectKind<I extends CommonInputs, T extends { id: string }> {
  /** Name of the kind in the state: a contract for ever. */
  kind: string;
  calls(objects: AirbyteObjects): ObjectCalls<T, I, I>;
  /** Every mistake in the inputs, as sentences. */
  check(inputs: Record<string, unknown>): string[];
  /** Settings that make a new object when they change. */
  fixed: readonly (keyof I & string)[];
  /** Settings that only a creation can have, and that are not worth a new object: a change of them is a mistake. */
  atCreation?: readonly (keyof I & string)[];
  /** What an object goes by, where one is looked for by name. */
  nameOf: (inputs: I) => string;
  /** The workspace that it is in; left out for those that are in none. */
  workspaceOf?(inputs: I): string | undefined;
  /** What an unfinished creation is found again by, beside the name. */
  identity: (inputs: I) => Record<string, string>;
  /** What the server has of the settings, in the shape of the inputs. */
  shown(object: T, declared: I): Partial<I>;
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
  /** What a person should know before an object is replaced. */
  lostByReplacement?: string;
  /** What has to be done before the server is asked to delete it. */
  beforeDelete?(id: string, api: AirbyteApi): Promise<void>;
  /** The connectors that the Airbyte has are others now. */
  changesConnectors?: boolean;
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
