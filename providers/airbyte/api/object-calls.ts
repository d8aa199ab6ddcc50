/**
 * The calls for one kind of object, the same in both dialects. `T` is what the server shows, `Body` what it is made of,
 * and `Scope` the part of that which says where such objects are.
 */
export interface ObjectCalls<T extends { id: string }, Body extends Scope, Scope extends object> {
  /** Why this Airbyte can have no objects of the kind, as a sentence; undefined where it can. */
  unavailable?(): Promise<string | undefined>;
  create(body: Body): Promise<T>;
  /** undefined when it is gone. */
  get(id: string, scope: Scope): Promise<T | undefined>;
  list(scope: Scope): Promise<T[]>;
  /** The list that shows objects as `get` does; undefined where none is quicker than that. */
  listing?(scope: Scope): Listing<T> | undefined;
  /** Changes what can be changed; what can't be is left alone. */
  update(id: string, body: Body): Promise<T>;
  delete(id: string, scope: Scope): Promise<void>;
}

/** A list of the API. */
export interface Listing<T> {
  /** The same for all that are shown by one list, and for no others. */
  key: string;
  /** As they come: in no order, an object perhaps twice, what is deleted left out. */
  pages: () => AsyncIterable<T[]>;
}

/** Objects that live in a workspace. */
export interface InWorkspace {
  workspaceId: string;
}
