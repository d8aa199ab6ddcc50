import { WAIT } from "../api/waits.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { AirbyteError } from "../api/errors.ts";
import { UserError } from "../../../errors/user-error.ts";
import type { CommonInputs, Context } from "./handler.ts";
import { isSame, type Intent, type Intention } from "./intents.ts";

/** How objects of a kind are made and found; `T` is the server's object. */
export interface Creation<T> {
  intention: Intention;
  post(): Promise<T>;
  /** Objects of the workspace with the intention's name and identity. */
  findAlike(intention: Intention): Promise<T[]>;
  /** Deletes what an earlier, unfinished run made and nobody declares any more, unless others use it. */
  remove(id: string): Promise<"removed" | "in use">;
  /** Brings an object that an earlier, unfinished run made to what is declared now. */
  bringUpToDate(id: string): Promise<T>;
  id(object: T): string;
  /** Epoch seconds. Left out for kinds of which Airbyte doesn't tell: there it is noted what was alike before. */
  createdAt?(object: T): number | null | undefined;
}

// The Date header has whole seconds, and so has createdAt.
const CLOCK_SLACK_MS = 2_000;

/** Creates an object so that it exists once, whatever happened to the attempts before. */
export function createOnce<T>(creation: Creation<T>, context: Context): Promise<T> {
  // A process whose engine is gone ends when this has ended, and so has noted the id.
  return context.intents.inFlight.during(() => settleAndCreate(creation, context));
}

async function settleAndCreate<T>(creation: Creation<T>, context: Context): Promise<T> {
  const { intention } = creation;
  for (const earlier of context.intents.pending(intention.kind, intention.declaredAs)) {
    const id = await leftBy(earlier, creation, context);
    if (id === undefined) continue;
    if (!isSame(earlier, intention.identity) || earlier.workspaceId !== intention.workspaceId) {
      await removeLeft(earlier, id, creation, context);
      continue;
    }
    context.log(`Taking over ${intention.kind} "${intention.name}" (${id}), which an interrupted run created.`);
    return creation.bringUpToDate(id);
  }
  const inherited = await findInherited(creation, context);
  if (inherited === undefined) return postOnce(creation, context);
  context.log(`Taking over ${intention.kind} "${intention.name}" (${inherited}), which is on the kept data.`);
  await context.intents.created(await context.intents.begin(intention, context.api.serverTime()), inherited);
  return creation.bringUpToDate(inherited);
}

/** Removes what interrupted runs made for the declaration of an object that is there: a replacement, say, that is none any more. */
export async function removeLeftovers<T>(creation: Creation<T>, own: string, context: Context): Promise<void> {
  const { kind, declaredAs } = creation.intention;
  for (const earlier of context.intents.leftovers(kind, declaredAs, own)) {
    const id = await leftBy(earlier, creation, context);
    if (id !== undefined && id !== own) await removeLeft(earlier, id, creation, context);
  }
}

/** What a run that was told of it would have replaced. */
async function removeLeft<T>(earlier: Intent, id: string, creation: Creation<T>, context: Context): Promise<void> {
  const what = `${earlier.kind} ${id} ("${earlier.name}"), which an interrupted run created, and which is declared differently now`;
  if ((await creation.remove(id)) === "in use") {
    context.log(`warning: ${what}, stays, since connections use it: delete it in Airbyte.`);
    return context.intents.tell(earlier);
  }
  await context.intents.deleted(id);
  context.log(`Deleted ${what}.`);
}

/** The id of the object of this declaration that an earlier life of the stack made, on a machine whose journal is not here. */
async function findInherited<T>(creation: Creation<T>, { intents }: Context): Promise<string | undefined> {
  const until = intents.inheritedUntil();
  if (until === undefined) return undefined;
  const { intention } = creation;
  const alike = intents.unclaimed(await creation.findAlike(intention), (object) => creation.id(object));
  const earlier = alike.filter((object) => (creation.createdAt?.(object) ?? 0) * 1000 <= until);
  if (earlier.length <= 1) return earlier[0] && creation.id(earlier[0]);
  throw new UserError(
    `The kept data hold ${earlier.length} ${intention.kind}s named "${intention.name}": ${earlier.map((object) => creation.id(object)).join(", ")}.`,
    { next: `say which one with adopt: ID, or delete the others in Airbyte, then run the command again.` },
  );
}

async function postOnce<T>(creation: Creation<T>, context: Context): Promise<T> {
  const { intents, api } = context;
  const intent = await intents.begin(await noting(creation), api.serverTime());
  try {
    const object = await creation.post();
    await intents.created(intent, creation.id(object));
    return object;
  } catch (error) {
    if (!(error instanceof AirbyteError) || !error.mayHaveHappened) {
      await intents.abandon(intent);
      throw error;
    }
    const object = await findAfterLostAnswer(intent, creation, looksAfter(error), context);
    if (object === undefined) throw error; // The intent stays: the next run settles it.
    await intents.created(intent, creation.id(object));
    return object;
  }
}

async function noting<T>(creation: Creation<T>): Promise<Intention> {
  const { intention } = creation;
  if (creation.createdAt) return intention;
  const alike = await creation.findAlike(intention);
  return { ...intention, before: alike.map((object) => creation.id(object)) };
}

/** A server that was too slow may still be at it, and gets some of the same time again. */
function looksAfter({ limitMs }: AirbyteError): number[] {
  const { looksMs, longestLookMs } = WAIT.lostAnswer;
  if (limitMs === undefined) return [...looksMs];
  const pause = Math.min(limitMs / 2, longestLookMs);
  return [...looksMs, pause, pause];
}

async function findAfterLostAnswer<T>(
  intent: Intent,
  creation: Creation<T>,
  looks: number[],
  context: Context,
): Promise<T | undefined> {
  for (const pause of looks) {
    await sleep(pause);
    const found = await candidates(intent, creation, context).catch(() => []);
    if (found.length > 0) return exactlyOne(found, intent, creation);
  }
  return undefined;
}

/** The id of the object that an earlier, unconfirmed intent made; undefined when it made none. */
async function leftBy<T>(earlier: Intent, creation: Creation<T>, context: Context): Promise<string | undefined> {
  const settled =
    earlier.id === undefined ? await context.intents.settle(earlier, (line) => context.progress(line)) : earlier;
  if (settled === undefined) return undefined;
  const found =
    settled.id === undefined ? await candidates(settled, creation, context) : await alike(settled, creation);
  const object = exactlyOne(found, settled, creation);
  if (object === undefined) {
    await context.intents.abandon(settled);
    return undefined;
  }
  const id = creation.id(object);
  if (settled.id === undefined) await context.intents.created(settled, id);
  return id;
}

async function alike<T>(intent: Intent, creation: Creation<T>): Promise<T[]> {
  return (await creation.findAlike(intent)).filter((object) => creation.id(object) === intent.id);
}

async function candidates<T>(intent: Intent, creation: Creation<T>, { intents }: Context): Promise<T[]> {
  const found = intents.unclaimed(await creation.findAlike(intent), (object) => creation.id(object));
  return found.filter((object) => isSince(intent, object, creation));
}

/** Whether an object can have come from this creation: it wasn't there before. */
function isSince<T>({ at, before }: Intent, object: T, creation: Creation<T>): boolean {
  if (creation.createdAt) return (creation.createdAt(object) ?? 0) * 1000 >= at - CLOCK_SLACK_MS;
  return !before?.includes(creation.id(object));
}

function exactlyOne<T>(found: T[], intent: Intent, creation: Creation<T>): T | undefined {
  if (found.length <= 1) return found[0];
  const ids = found.map((object) => creation.id(object)).join(", ");
  throw new UserError(
    `An interrupted run may have created ${intent.kind} "${intent.name}", and now there are several that it could be: ${ids}.`,
    { next: `delete all of them but one in Airbyte, then run the command again; it takes that one over.` },
  );
}

/** A change of an object that is not there any more. */
export function deletedByHand(what: string, id: string): UserError {
  return new UserError(`${what} (${id}) was deleted in Airbyte by hand, so it can't be changed.`, {
    next: `\`refresh\` takes it out of the state, then \`up\` makes it anew.`,
  });
}

/** Of an object nothing is to be changed but the address, or what failed after its creation is to be tried again; and it is not there. */
export function absent(what: string, id: string, olds: CommonInputs, news: CommonInputs): UserError {
  if (olds.airbyteUrl === news.airbyteUrl) return deletedByHand(what, id);
  return new UserError(
    `${what} (${id}) is not in the Airbyte at ${news.airbyteUrl}. The address changed, and an address is only where an object is found, so nothing was written.`,
    { next: `set the address back; or, to build everything anew in the other Airbyte, use another stack.` },
  );
}

/** Makes a change; where the server fails at it without a reason and the object isn't there, `deleted` is what is thrown. */
export async function unlessDeleted<T>(
  change: () => Promise<T>,
  get: () => Promise<unknown>,
  deleted: UserError,
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    const unsaid = error instanceof AirbyteError && error.isWithoutReason;
    if (unsaid && (await get().catch(() => error)) === undefined) throw deleted;
    throw error;
  }
}
