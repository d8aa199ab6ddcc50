import { z } from "zod";
import type { Client } from "./client.ts";
import { onePage, readOrAbsent, remove } from "./rest.ts";
import { UserError } from "../../../errors/user-error.ts";
import { isNoSuchCall, mayBeNoSuchCall } from "./rpc.ts";
import { AirbyteError } from "./errors.ts";

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

/** How the public API has one kind of object. */
interface RestKind<T, Body extends Scope, Scope> {
  /** For messages: `tag`. */
  one: string;
  schema: z.ZodType<T>;
  /** The collection, e.g. `/tags`. */
  path(scope: Scope): string;
  /** Which objects to list. */
  query?(scope: Scope): Record<string, string>;
  /** Where the answer to a list has the objects. @default data */
  listKey?: string;
  /** For messages: what a new object is called. */
  name(body: Body): string;
  creation(body: Body): object;
  change: { method: "PATCH" | "PUT"; body: (body: Body) => object };
}

/** The five calls of the public API; its lists of these kinds have no pages, but for that of workspaces. */
export function restCalls<T extends { id: string }, Body extends Scope, Scope extends object>(
  client: Client,
  kind: RestKind<T, Body, Scope>,
): ObjectCalls<T, Body, Scope> {
  const { one, schema } = kind;
  const at = (id: string, scope: Scope) => `${kind.path(scope)}/${id}`;
  const named = (body: Body) => `${one} ${JSON.stringify(kind.name(body))}`;
  const listKey = kind.listKey ?? "data";

  const query = (scope: Scope) => kind.query?.(scope) ?? {};

  const list = async (scope: Scope): Promise<T[]> => {
    const answer = await client.call({
      method: "GET",
      path: kind.path(scope),
      query: query(scope),
      schema: z.looseObject({ [listKey]: z.array(schema) }),
      doing: `list ${one}s`,
    });
    return answer[listKey]!;
  };

  return {
    list,
    listing: (scope) => ({
      key: `${kind.path(scope)}?${new URLSearchParams(query(scope)).toString()}`,
      pages: () => onePage(() => list(scope)),
    }),
    create(body) {
      const call = { path: kind.path(body), body: kind.creation(body), schema, doing: `create ${named(body)}` };
      return client.call({ method: "POST", ...call });
    },
    get(id, scope) {
      return readOrAbsent(client, { path: at(id, scope), schema, doing: `read ${one} ${id}` }, async () =>
        (await list(scope)).find((found) => found.id === id),
      );
    },
    update(id, body) {
      const { method, body: change } = kind.change;
      return client.call({ method, path: at(id, body), body: change(body), schema, doing: `update ${named(body)}` });
    },
    delete(id, scope) {
      return remove(client, at(id, scope), `delete ${one} ${id}`);
    },
  };
}

type Calls = Record<string, (...args: never[]) => unknown>;

/** Calls that say of a server which doesn't have them at all that it has no such objects, not that one wasn't found. */
export function offered<C extends object>(objects: string, calls: C): C {
  const entries = Object.entries(calls as unknown as Calls).map(([name, call]) => {
    const explained = (...args: never[]) => {
      const answer = call(...args);
      return answer instanceof Promise ? answer.catch((error: unknown) => explain(objects, error)) : answer;
    };
    return [name, explained] as const;
  });
  return Object.fromEntries(entries) as unknown as C;
}

function explain(objects: string, error: unknown): never {
  if (!mayBeNoSuchCall(error)) throw error;
  const sure = isNoSuchCall(error);
  throw new UserError(
    `This Airbyte offers no ${objects}${sure ? "" : ", or keeps them from this application"} (${error.call} answered ${error.status}).`,
    {
      next: `${sure ? "" : "check what the application's user may do here, "}update Airbyte, or take the ${objects} out of the program.`,
    },
  );
}

interface Deletable<Scope> {
  get(id: string, scope: Scope): Promise<unknown>;
  delete(id: string, scope: Scope): Promise<void>;
}

/** A deletion that the server fails at is done where the object isn't there: some kinds answer 500 then, and not 404. */
export function goneIsDone<Scope, C extends Deletable<Scope>>(calls: C): C {
  return {
    ...calls,
    async delete(id: string, scope: Scope) {
      try {
        await calls.delete(id, scope);
      } catch (error) {
        if (!(error instanceof AirbyteError) || !error.isWithoutReason) throw error;
        const there = await calls.get(id, scope).catch(() => true); // The deletion's own error says more.
        if (there !== undefined) throw error;
      }
    },
  };
}
