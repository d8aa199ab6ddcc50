import { AirbyteError } from "./errors.ts";

interface Calls<Scope> {
  get(id: string, scope: Scope): Promise<unknown>;
  delete(id: string, scope: Scope): Promise<void>;
}

/** A deletion that the server fails at is done where the object isn't there: some kinds answer 500 then, and not 404. */
export function goneIsDone<Scope, C extends Calls<Scope>>(calls: C): C {
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
