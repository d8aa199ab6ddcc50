// The calls of this process that are under way, so that a process whose engine is gone can finish what it has begun
// (an answer that names a new object's id must reach the journal) and begin nothing more.

let underWay = 0;
let closed = false;
let whenQuiet: (() => void) | undefined;

/** Runs one exchange with the server; refused once the process is closing. */
export async function exchange<T>(send: () => Promise<T>): Promise<T> {
  goOn();
  return operation(send);
}

/** Throws once the process is closing: for those who only wait. */
export function goOn(): void {
  if (closed) throw new Error("the engine is gone: no further call is made");
}

/** Runs what must not be cut off half-way: exchanges, and what is noted of them. */
export async function operation<T>(run: () => Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await run();
  } finally {
    underWay -= 1;
    if (closed && underWay === 0) whenQuiet?.();
  }
}

/** No further exchange begins; resolves when all that is under way has ended. */
export async function closeTraffic(): Promise<void> {
  closed = true;
  if (underWay > 0) await new Promise<void>((resolve) => (whenQuiet = resolve));
}
