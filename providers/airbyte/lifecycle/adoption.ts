import { UserError } from "../../../errors/user-error.ts";
import { issueInWords, type Issue } from "../../../errors/zod-issues.ts";
import type { Context } from "./handler.ts";
import type { Intention } from "./intents.ts";

/** How an existing object is found and compared; `T` is the server's object. */
export interface Adoption<T> {
  adopt: boolean | string;
  intention: Intention;
  /** All objects of the kind in the workspace. */
  list(): Promise<T[]>;
  id(object: T): string;
  name(object: T): string;
  /** How to get at those that are elsewhere, where there is no easier way. */
  elsewhere?: string;
  /** Settings that cannot change on an existing object and differ, as sentences. */
  conflicts(object: T): string[];
  /** Settings that taking over would change. */
  changes(object: T): string[];
  /** Brings the object to what is declared. */
  bringUpToDate(id: string): Promise<T>;
}

/** The object to take over, or a sentence that says why there is none. */
export async function findToAdopt<T>(
  adoption: Adoption<T>,
  context: Context,
): Promise<{ object: T } | { mistake: Issue }> {
  const { adopt, intention } = adoption;
  const { kind } = intention;
  const id = (object: T) => adoption.id(object);
  const name = (object: T) => adoption.name(object);
  const all = await adoption.list();
  const matches = all.filter((object) => (adopt === true ? name(object) === intention.name : id(object) === adopt));
  const [object] = matches;
  if (object === undefined) {
    const wanted = adopt === true ? `named "${intention.name}"` : String(adopt);
    const where = intention.workspaceId === "" ? "this Airbyte" : "the workspace";
    return mistaken(`${where} has no ${kind} ${wanted}${adoption.elsewhere ? `; ${adoption.elsewhere}` : ""}`);
  }
  if (matches.length > 1) {
    const ids = matches.map(id).join(", ");
    return mistaken(`${matches.length} ${kind}s are named "${intention.name}"; say which by its id: ${ids}`);
  }
  if (context.intents.isConfirmed(id(object))) {
    // A replacement that is forced by hand looks like a creation here, and would then delete what it took over.
    return mistaken(
      `${kind} ${id(object)} is in this stack already. To replace it, take adopt out of the declaration first; ` +
        `if it was taken out of the state by hand, delete the stack's intents.jsonl under .airbyte first`,
    );
  }
  const conflicts = adoption.conflicts(object);
  if (conflicts.length > 0) {
    return mistaken(`${kind} ${id(object)} can't become what is declared: ${conflicts.join("; ")}`);
  }
  return { object };
}

function mistaken(text: string): { mistake: Issue } {
  return { mistake: { path: ["adopt"], text } };
}

/** What a preview says of a taking over. */
export async function tellAdoption<T>(
  adoption: Adoption<T>,
  context: Context,
): Promise<{ mistakes: Issue[]; warnings: string[]; notes: string[] }> {
  const found = await findToAdopt(adoption, context);
  if ("mistake" in found) return { mistakes: [found.mistake], warnings: [], notes: [] };
  const changes = adoption.changes(found.object);
  const what = changes.length > 0 ? `and changes ${changes.join(", ")}` : "and changes nothing";
  const id = adoption.id(found.object);
  const holder = context.intents.heldElsewhere(id);
  const warnings = holder === undefined ? [] : [heldTwice(id, holder)];
  return { mistakes: [], warnings, notes: [`takes over ${id} instead of creating, ${what}`] };
}

/** @param holder the other stack, in words */
export function heldTwice(id: string, holder: string): string {
  return `${holder} has ${id} too: each would undo what the other declares, and a destroy of one deletes it for both. Declare it in one of them alone`;
}

/** Takes an object over; the journal knows it from then on as if this stack had made it. */
export async function adoptObject<T>(adoption: Adoption<T>, context: Context): Promise<T> {
  const found = await findToAdopt(adoption, context);
  const { kind, name } = adoption.intention;
  if ("mistake" in found) throw new UserError(`${kind} "${name}": ${issueInWords(found.mistake)}`);
  const object = await adoption.bringUpToDate(adoption.id(found.object));
  const intent = await context.intents.begin(adoption.intention, context.api.serverTime());
  await context.intents.created(intent, adoption.id(object));
  return object;
}
