import type { Props, ResourceHandler } from "../resource-handler.ts";
import { AirbyteError } from "./api/errors.ts";
import { changedSecrets } from "./lifecycle/stored.ts";
import { isUserError, UserError } from "../../errors/user-error.ts";
import { issueInWords } from "../../errors/zod-issues.ts";
import { UNKNOWN } from "./lifecycle/canonical.ts";
import type { CommonInputs, Context, Handler } from "./lifecycle/handler.ts";
import type { Session } from "./session.ts";

/** A resource of an Airbyte as Pulumi calls it: its handler, the right Airbyte, and the journal kept on the way. */
export function airbyteKind<I extends CommonInputs>(kind: string, handler: Handler<I>): ResourceHandler {
  const typed = (props: Props) => props as unknown as I;

  const withOutputs = async (inputs: object, context: Context, id: string) => {
    const extra = await handler.outputs?.(inputs as I, context, id);
    const kept = { ...inputs, ...extra };
    Reflect.deleteProperty(kept, "declaredBefore");
    return kept;
  };

  /** The journal, which knows a declaration by its earlier names too. */
  const journal = (declared: I, session: Session) => {
    const intents = session.intents(declared);
    intents.renamed(kind, declared);
    return intents;
  };

  return {
    async check(olds, declared, session) {
      const before = Object.keys(olds).length > 0 ? typed(olds) : undefined;
      const news = session.isInState(kind, declared, before !== undefined) ? withoutAdopt(declared) : { ...declared };
      journal(typed(news), session);
      if (before && handler.identity) {
        await session.intents(before).confirmDeclared(kind, before.declaredAs, handler.identity(before));
      }
      Object.assign(news, handler.prepare?.(typed(news), before));
      const mistakes = handler.check(news, before);
      if (mistakes.length > 0) return { mistakes };
      tellChangedSecrets(kind, before, news, session);
      const examined = await examine(handler, typed(news), session, before);
      for (const warning of examined?.warnings ?? []) session.log(`warning: ${kind} "${nameOf(news)}": ${warning}`);
      for (const note of examined?.notes ?? []) session.log(`${kind} "${nameOf(news)}" ${note}`);
      return { mistakes: examined?.mistakes ?? [], inputs: { ...news, ...examined?.completed } };
    },
    async diff(id, olds, news, session) {
      await session.intents(typed(olds)).confirm(id);
      session.manifests.note(id, news);
      const difference = handler.diff(typed(olds), typed(news));
      if (difference.replaces.length > 0 && handler.lostByReplacement !== undefined) {
        session.logOnce(
          `warning: ${kind} "${nameOf(news)}" is replaced: ${handler.lostByReplacement}. ` +
            `To keep it, take back the change of ${difference.replaces.join(", ")}; protect: true refuses a replacement.`,
        );
      }
      if (difference.changes && difference.replaces.length === 0) {
        await tellBeforeUpdate(handler, id, typed(olds), typed(news), session, `${kind} "${nameOf(news)}"`);
      }
      // An update takes away what interrupted runs have made for the same declaration, and nobody declares.
      const leftovers =
        handler.removeLeftovers && journal(typed(news), session).leftovers(kind, typed(news).declaredAs, id);
      return { ...difference, changes: difference.changes || (leftovers?.length ?? 0) > 0 };
    },
    async create(inputs, session) {
      const context = await session.context(typed(inputs));
      context.intents.renamed(kind, typed(inputs));
      const { id, outs } = await writing(context, () => handler.create(typed(inputs), context));
      return { id, outs: await withOutputs(outs, context, id) };
    },
    async read(id, state, session) {
      await session.intents(typed(state)).confirm(id);
      if (session.isDataGone(typed(state))) return undefined;
      return withSettingsOfThen(session, async () => {
        const context = await session.context(typed(state));
        if (state.lookedUp) return lookUp(handler, id, typed(state), context, withOutputs);
        const declared = Object.entries(state).filter(([key]) => !handler.outputNames?.includes(key));
        const inputs = await handler.read(id, typed(Object.fromEntries(declared)), context);
        if (inputs) session.manifests.note(id, inputs as unknown as Props);
        return inputs && { inputs, outs: await withOutputs(inputs, context, id) };
      });
    },
    async update(id, olds, news, session) {
      const context = await session.context(typed(news));
      context.intents.renamed(kind, typed(news));
      const outs = await writing(context, async () => {
        const updated = await handler.update(id, typed(olds), typed(news), context);
        await handler.removeLeftovers?.(id, typed(news), context);
        return updated;
      });
      return withOutputs(outs, context, id);
    },
    async delete(id, state, session) {
      if (session.isDataGone(typed(state))) return;
      await withSettingsOfThen(session, async () => {
        const context = await session.context(typed(state));
        await writing(context, () => handler.delete(id, typed(state), context));
      });
      await session.intents(typed(state)).deleted(id);
    },
  };
}

/**
 * Pulumi's refresh and destroy don't run the program, and hand over the settings of the last `up`: those corrected since need a flag. What
 * to do is told once, however many resources meet the same.
 */
async function withSettingsOfThen<T>(session: Session, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isUserError(error) || !BY_SETTINGS.includes(error.code ?? "")) throw error;
    const flag =
      "if that has been corrected since the last `up`, add --run-program: refresh and destroy use the settings of the last `up` otherwise.";
    const next = session.isNew(error.next ?? "") ? `${flag} If not: ${error.next}` : undefined;
    throw new UserError(error.summary, { code: error.code, next });
  }
}

/** Codes of errors that other settings mend. */
const BY_SETTINGS = ["credentials", "tls", "signIn"];

/** What lists have shown is of no use any more once something is changed. */
async function writing<T>({ reads }: Context, write: () => Promise<T>): Promise<T> {
  reads.forget();
  return write().finally(() => {
    reads.forget();
  });
}

/** An object that others manage: its state is what Airbyte shows, and nothing of it is declared. */
async function lookUp<I extends CommonInputs>(
  handler: Handler<I>,
  id: string,
  state: I,
  context: Context,
  withOutputs: (inputs: object, context: Context, id: string) => Promise<object>,
) {
  const found = await handler.lookUp?.(id, state, context);
  return found && { inputs: state, outs: await withOutputs({ ...state, ...found }, context, id) };
}

/** All that the Airbyte can tell of a declaration, the mistakes in words. */
export async function examineWhole<I extends CommonInputs>(
  handler: Pick<Handler<I>, "examine" | "claim">,
  inputs: I,
  context: Context,
  before?: I,
) {
  const examined = (await handler.examine?.(inputs, context, before)) ?? { mistakes: [], warnings: [] };
  const completed = { ...inputs, ...examined.completed };
  const claim = before && !inputs.adopt ? undefined : await handler.claim?.(completed, context);
  return {
    ...examined,
    mistakes: [...examined.mistakes, ...(claim?.mistakes ?? [])].map(issueInWords),
    warnings: [...examined.warnings, ...(claim?.warnings ?? [])],
    notes: [...(examined.notes ?? []), ...(claim?.notes ?? [])],
  };
}

/**
 * Asks the Airbyte what only it can tell. Where it can't be asked yet, one line says so, and creating asks it again.
 *
 * @throws the reason why one that should answer doesn't; once, since all that lives in it would say the same
 */
async function examine<I extends CommonInputs>(handler: Handler<I>, inputs: I, session: Session, before?: I) {
  if (inputs.airbyteUrl === UNKNOWN || session.isDataGone(inputs)) {
    if (!handler.examine || session.isExamined(inputs)) return undefined;
    return session.logOnce("Airbyte is not there yet: configurations are checked against their connectors once it is.");
  }
  const shut = await session.whyShut(inputs);
  if (shut && session.shouldAnswer(inputs, before !== undefined)) return session.throwOnce(shut);
  if (!handler.examine) return undefined;
  const notNow = (error: unknown) => {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return session.logOnce(`Configurations are not checked against their connectors now: ${reason}`);
  };
  if (shut) return notNow(shut);
  try {
    return await examineWhole(handler, inputs, await session.context(inputs), before);
  } catch (error) {
    if (error instanceof AirbyteError && error.code === "credentials") return session.throwOnce(error);
    return notNow(error);
  }
}

async function tellBeforeUpdate<I extends CommonInputs>(
  handler: Handler<I>,
  id: string,
  olds: I,
  news: I,
  session: Session,
  what: string,
) {
  if (!handler.beforeUpdate || news.airbyteUrl === UNKNOWN || (await session.whyShut(news))) return;
  try {
    const told = await handler.beforeUpdate(id, olds, news, await session.context(news));
    if (told !== undefined) session.logOnce(`${what}: ${told}`);
  } catch {
    // It is told for a person to know beforehand; the update itself asks again, and fails where it must.
  }
}

// What is in the state is never adopted again: a replacement that took over its own predecessor would then delete it.
function withoutAdopt(declared: Props): Props {
  return Object.fromEntries(Object.entries(declared).filter(([key]) => key !== "adopt"));
}

function tellChangedSecrets(kind: string, before: CommonInputs | undefined, news: Props, session: Session): void {
  const old = before as Props | undefined;
  const paths = (["configuration", "mapperSecrets"] as const).flatMap((key) => {
    return old?.[key] ? changedSecrets(old[key], news[key], key) : [];
  });
  if (paths.length > 0) session.log(`${kind} "${nameOf(news)}": changed, value not shown: ${paths.join(", ")}`);
}

// Some kinds have no name in Airbyte; then it is the one in the program.
function nameOf({ name, declaredAs }: Props): string {
  if (typeof name === "string") return name;
  return typeof declaredAs === "string" ? declaredAs.split("/").slice(1).join("/") : "";
}
