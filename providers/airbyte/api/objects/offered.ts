import { ExplainedError } from "../../explained-error.ts";
import { isNoSuchCall } from "../rpc.ts";

type Calls = Record<string, (...args: never[]) => Promise<unknown>>;

/** Calls that say of a server which doesn't have them at all that it has no such objects, not that one wasn't found. */
export function offered<C extends object>(objects: string, calls: C): C {
  const entries = Object.entries(calls as unknown as Calls).map(([name, call]) => {
    return [name, (...args: never[]) => call(...args).catch((error: unknown) => explain(objects, error))] as const;
  });
  return Object.fromEntries(entries) as unknown as C;
}

function explain(objects: string, error: unknown): never {
  if (!isNoSuchCall(error)) throw error;
  throw new ExplainedError(
    `This Airbyte offers no ${objects} (${error.call} answered 404).\n` +
      `  Next step: update Airbyte, or take the ${objects} out of the program.`,
  );
}
