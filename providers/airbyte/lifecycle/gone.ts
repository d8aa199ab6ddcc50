import { AirbyteError } from "../api/errors.ts";
import { UserError } from "../../../errors/user-error.ts";
import type { CommonInputs } from "./handler.ts";

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
