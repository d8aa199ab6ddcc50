// What happens to a set-up that is interrupted: its children end first (npm takes back what it has half installed), then locks and
// half-made folders go. Runs on Node 18.
import { once } from "node:events";
import { isatty } from "node:tty";

/** @type {Set<() => void>} */
const undo = new Set();
/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
let interrupted = false;

/**
 * Runs `action` if the process ends before the returned function is called, Ctrl-C included.
 *
 * @param {() => void} action
 */
export function onExit(action) {
  return register(undo, action);
}

/**
 * Lets an interrupted set-up wait for this child, until the returned function is called.
 *
 * @param {import("node:child_process").ChildProcess} child
 */
export function waitFor(child) {
  return register(children, child);
}

/** After Ctrl-C nothing new may begin. */
export function isInterrupted() {
  return interrupted;
}

/** At a terminal, Ctrl-C has reached every process of the group already. */
export function isAtTerminal() {
  return [0, 1, 2].some((fd) => isatty(fd));
}

/**
 * @template T
 * @param {Set<T>} set
 * @param {T} item
 */
function register(set, item) {
  if (undo.size + children.size === 0) listen("on");
  set.add(item);
  return () => {
    if (set.delete(item) && undo.size + children.size === 0 && !interrupted) listen("off");
  };
}

/** @param {"on" | "off"} onOrOff */
function listen(onOrOff) {
  process[onOrOff]("exit", undoAll);
  process[onOrOff]("SIGINT", onSignal);
  process[onOrOff]("SIGTERM", onSignal);
}

function undoAll() {
  for (const action of undo) action();
}

/**
 * @param {NodeJS.Signals} signal
 * @param {number} number
 */
async function onSignal(signal, number) {
  if (interrupted) process.exit(128 + number); // asked twice: at once
  interrupted = true;
  const running = [...children].filter((child) => child.pid && child.exitCode === null && child.signalCode === null);
  const wait = running.length > 0 ? " Tidying up, which can take some seconds (Ctrl-C again: stop at once) …" : "";
  console.error(`\nInterrupted.${wait}`);
  for (const child of running) if (signal === "SIGTERM" || !isAtTerminal()) child.kill(signal);
  await Promise.all(running.map((child) => once(child, "exit")));
  console.error("Run the same command again to go on with the set-up.");
  process.exit(128 + number);
}
