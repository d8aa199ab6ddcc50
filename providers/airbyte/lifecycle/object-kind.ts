import type { AirbyteApi } from "../api/airbyte-api.ts";
import type { AirbyteObjects, ObjectCalls } from "../api/objects/object-calls.ts";
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
  /** What a person should know before an object is replaced. */
  lostByReplacement?: string;
  /** What has to be done before the server is asked to delete it. */
  beforeDelete?(id: string, api: AirbyteApi): Promise<void>;
  /** The connectors that the Airbyte has are others now. */
  changesConnectors?: boolean;
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
