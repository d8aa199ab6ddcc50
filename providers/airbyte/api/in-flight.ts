/**
 * What a process has under way, so that one whose engine is gone can finish what it has begun (an answer that names a new object's id
 * must reach the journal) and begin nothing more.
 */
export class InFlight {
  #count = 0;
  #isClosed = false;
  #whenQuiet: (() => void) | undefined;

  /** Throws once the process is closing: before a call, and for those who only wait. */
  assertOpen(): void {
    if (this.#isClosed) throw new Error("the engine is gone: no further call is made");
  }

  /** Runs what must not be cut off half-way: calls, and what is noted of them. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await work();
    } finally {
      this.#count -= 1;
      if (this.#isClosed && this.#count === 0) this.#whenQuiet?.();
    }
  }

  /** No further call begins; resolves when all that is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#count > 0) await new Promise<void>((resolve) => (this.#whenQuiet = resolve));
  }
}
