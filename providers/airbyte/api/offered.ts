import { UserError } from "../../../errors/user-error.ts";
import { isNoSuchCall, mayBeNoSuchCall } from "./rpc.ts";

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
