import { StopError } from "./setup/stop.mjs";

/** Runs `work`. Errors that explain themselves are shown without a stack trace, whichever part of the project they come from. */
export async function explaining(work) {
  try {
    return await work();
  } catch (error) {
    const { isUserError } = await import("../errors/user-error.ts");
    throw isUserError(error) && !(error instanceof StopError) ? new StopError(error.message) : error;
  }
}
