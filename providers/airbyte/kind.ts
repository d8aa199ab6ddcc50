import type { Kind, Props } from "../dynamic.ts";
import type { CommonInputs, Handler } from "./lifecycle/handler.ts";

/** A resource of an Airbyte as Pulumi calls it: its handler, the right Airbyte, and the journal kept on the way. */
export function airbyteKind<I extends CommonInputs>(kind: string, handler: Handler<I>): Kind {
  const typed = (props: Props) => props as unknown as I;

  return {
    async check(olds, news, session) {
      if (Object.keys(olds).length > 0 && handler.identity) {
        const before = typed(olds);
        await session.intents(before).confirmDeclared(kind, before.declaredAs, handler.identity(before));
      }
      return handler.check(news);
    },
    async diff(id, olds, news, session) {
      await session.intents(typed(olds)).confirm(id);
      return handler.diff(typed(olds), typed(news));
    },
    async create(inputs, session) {
      return handler.create(typed(inputs), await session.context(typed(inputs)));
    },
    async read(id, state, session) {
      await session.intents(typed(state)).confirm(id);
      if (session.isDataGone(typed(state))) return undefined;
      return handler.read(id, typed(state), await session.context(typed(state)));
    },
    async update(id, olds, news, session) {
      return handler.update(id, typed(olds), typed(news), await session.context(typed(news)));
    },
    async delete(id, state, session) {
      if (session.isDataGone(typed(state))) return;
      await handler.delete(id, typed(state), await session.context(typed(state)));
      await session.intents(typed(state)).deleted(id);
    },
  };
}
