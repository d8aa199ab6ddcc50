import { createContext, Script } from "node:vm";

let room: { work: (() => unknown) | undefined } | undefined;
let script: Script | undefined;

/**
 * Does what others' texts may make endless, in this thread.
 *
 * @param ms whole milliseconds, 1 or more
 * @returns undefined where it took longer, and was given up in the middle of it
 */
export function withinTime<T>(work: () => T, ms: number): { result: T } | undefined {
  // Only what runs in a context can be interrupted.
  room ??= createContext({ work: undefined }) as { work: undefined };
  script ??= new Script("work()");
  const around = room.work;
  room.work = work;
  try {
    return { result: script.runInContext(room, { timeout: ms }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return undefined;
  } finally {
    room.work = around;
  }
}
