import type { Issue } from "../../../errors/zod-issues.ts";
import type { AirbyteApi } from "../api/airbyte-api.ts";
import type { Connectors } from "../specification/connectors.ts";
import type { Discovery, Reads } from "./reads.ts";
import type { Intents } from "./intents.ts";

/** What every resource of an Airbyte carries beside its own settings. */
export interface CommonInputs {
  /** Address of the Airbyte that the object lives in. */
  airbyteUrl: string;
  /** Name of the credentials in the stack's configuration, where a program uses more than one Airbyte. */
  profile?: string;
  /** `STACK/NAME` of the resource in the program: what the journal of unfinished creations knows it by. */
  declaredAs: string;
  /** The same of names that it had before; undefined for most. It is looked up by them, and never kept in the state's outputs. */
  declaredBefore?: string[];
  /**
   * Takes an existing object over instead of creating one: by id, or `true` for the only one of the declared name.
   * Says something of the creation only; an object that is in the state is never adopted again.
   */
  adopt?: boolean | string;
}

/** Keys that say what a resource is called in the program: a change of them alone is no change at all. */
export const NAME_KEYS = ["declaredAs", "declaredBefore"] as const;

/** Keys that say where a resource is found and not what it is: a change of them writes nothing to the server. */
export const ADDRESS_KEYS = ["airbyteUrl", "profile", ...NAME_KEYS] as const;

/** What a handler works with: the Airbyte that the inputs name. */
export interface Context {
  api: AirbyteApi;
  connectors: Connectors;
  discovery: Discovery;
  reads: Reads;
  intents: Intents;
  /** Shows a line to the person who runs Pulumi. */
  log(line: string): void;
  /** Shows how far something is: a line that the end of the run doesn't repeat. */
  progress(line: string): void;
}

export interface Difference {
  changes: boolean;
  /** Inputs that cannot change on an existing object. */
  replaces: string[];
  deleteBeforeReplace?: boolean;
}

/** What the Airbyte finds in inputs that are right in form. */
export interface Examination<I> {
  mistakes: Issue[];
  warnings: string[];
  /** What a person should know that is no warning. */
  notes?: string[];
  /** Inputs to add to the declared ones. */
  completed?: Partial<I>;
}

export interface Created {
  id: string;
  /** The state: the inputs, and nothing that repeats the id. */
  outs: object;
}

/** The life cycle of one kind of resource, without a word of Pulumi. `I` is what a program declares. */
export interface Handler<I extends CommonInputs> {
  /**
   * Every mistake in the inputs, as sentences. Values that are not known yet are `UNKNOWN`.
   *
   * @param before the inputs that the state holds; undefined where the resource is new.
   */
  check(inputs: Record<string, unknown>, before?: I): string[];
  /**
   * Inputs as the state keeps them: brought into form, and with what the state has found out before, so that it is not
   * asked for again. What is declared has not been checked yet.
   *
   * @param before the inputs that the state holds; undefined where the resource is new.
   */
  prepare?(news: I, before?: I): Partial<I>;
  /**
   * What only the Airbyte itself can tell of inputs that are right in form: further mistakes, and inputs that it
   * completes. Not called where the Airbyte is not there yet, nor where it lets nobody in, which is told without it; any other failure is
   * no mistake. It is asked for the same before anything is registered (declaration/examine.ts), then of what isn't right in every form.
   */
  examine?(inputs: I, context: Context, before?: I): Promise<Examination<I>>;
  /** The same of an object that is new to the state: what a creation would take over, or what is in its way. `inputs` are completed. */
  claim?(inputs: I, context: Context): Promise<Pick<Examination<I>, "mistakes" | "notes"> & { warnings?: string[] }>;
  /** Outputs beside the inputs, by name. */
  outputs?(inputs: I, context: Context, id: string): Promise<Record<string, unknown>>;
  /** Their names. */
  readonly outputNames?: readonly string[];
  /** The settings that make an object this one and no other: what an unfinished creation is found again by. */
  identity?(inputs: I): Record<string, string>;
  /** What a person should know before an object is replaced. */
  readonly lostByReplacement?: string;
  /** Compares what is declared now with what was applied last. */
  diff(olds: I, news: I): Difference;
  /** What a person should know before an object is changed in place. */
  beforeUpdate?(id: string, olds: I, news: I, context: Context): Promise<string | undefined>;
  create(inputs: I, context: Context): Promise<Created>;
  /** What the server has, in the shape of the inputs; undefined when it is gone. */
  read(id: string, state: I, context: Context): Promise<I | undefined>;
  /** Everything of an object that others manage; undefined when there is none. */
  lookUp?(id: string, state: I, context: Context): Promise<object | undefined>;
  update(id: string, olds: I, news: I, context: Context): Promise<object>;
  /** Removes what interrupted runs have made for the same declaration. */
  removeLeftovers?(id: string, inputs: I, context: Context): Promise<void>;
  delete(id: string, state: I, context: Context): Promise<void>;
}

/** Created on the server, but not as declared: Pulumi keeps the object, marks it, and the next `up` updates it. */
export class HalfCreatedError extends Error {
  readonly id: string;
  readonly properties: object;
  readonly reasons: string[];

  constructor(id: string, properties: object, reason: string) {
    super(reason);
    this.id = id;
    this.properties = properties;
    this.reasons = [reason];
  }
}
