/**
 * Ends the run with a message that is complete in itself: what happened and what to do. No stack trace is shown for it.
 *
 * It carries the brand of errors/user-error.ts, which is TypeScript, and set-up runs where nothing can read that yet.
 */
export class StopError extends Error {
  /** @param {string} message */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "StopError";
    this.summary = message;
    this.exitCode = exitCode;
    Object.assign(this, { [Symbol.for("airbyte-on-pulumi/user-error")]: true });
  }
}
