/** Ends the run with a message that is complete in itself: what happened and what to do. No stack trace is shown for it. */
export class StopError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "StopError";
    this.exitCode = exitCode;
  }
}
