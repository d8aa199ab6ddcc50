import { z } from "zod";
import type { Client } from "./client.ts";
import { onePage, readOrAbsent, remove } from "./rest.ts";
import type { ObjectCalls } from "./object-calls.ts";

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
