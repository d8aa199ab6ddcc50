import { connect } from "node:net";
import { closeTraffic } from "./airbyte/api/traffic.ts";

const RECONNECT_MS = 300;

/**
 * Ends this process when the Pulumi engine that started it is gone. An engine that is killed takes no plugin with it,
 * and the orphan would go on creating objects that no state will ever know. What is under way is finished first, so
 * that the journal learns the ids.
 *
 * @param address `host:port` of the engine, which it passes to its plugins as their first argument.
 */
export function endWithEngine(address: string | undefined): void {
  const match = /^(127\.0\.0\.1|localhost):(\d+)$/.exec(address ?? "");
  if (match?.[2] === undefined) return;
  // With the engine goes the reader of our lines. Without a listener, Pulumi's own handler of uncaught errors prints the broken pipe into the
  // broken pipe, without end, and this process never gets to see that the engine is gone.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  watch(match[1]!, Number(match[2]));
}

// An idle connection costs nothing, and closes the moment the engine dies. A living engine may close it too (it waits
// for a greeting in vain), so only a refused reconnection counts.
function watch(host: string, port: number): void {
  const socket = connect({ host, port });
  let refused = false;
  socket.unref();
  socket.on("error", (error: NodeJS.ErrnoException) => (refused = error.code === "ECONNREFUSED"));
  socket.on("close", () => {
    if (!refused) setTimeout(() => watch(host, port), RECONNECT_MS).unref();
    else void closeTraffic().then(() => process.exit(0));
  });
  socket.resume();
}
