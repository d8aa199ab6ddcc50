// The calls of this process that are under way, so that a process whose engine is gone can finish what it has begun
// (an answer that names a new object's id must reach the journal) and begin nothing more.

let underWay = 0;
let closed = false;
let whenQuiet: (() => void) | undefined;

/** Runs one exchange with the server; refused once the process is closing. */
export async function exchange<T>(send: () => Promise<T>): Promise<T> {
  if (closed) throw new Error("the engine is gone: no further call is made");
  underWay += 1;
  try {
    return await send();
  } finally {
    underWay -= 1;
    if (closed && underWay === 0) whenQuiet?.();
  }
}

/** No further exchange begins; resolves when those under way have ended. */
export async function closeTraffic(): Promise<void> {
  closed = true;
  if (underWay > 0) await new Promise<void>((resolve) => (whenQuiet = resolve));
}
