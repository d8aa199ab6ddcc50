// Programs: how this project finds and starts them, and what becomes of them when it is interrupted. Runs on Node 18.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { isatty } from "node:tty";
import { startStep } from "./messages.mjs";

/**
 * Runs a program that takes over the terminal, and resolves with its exit code.
 *
 * At a terminal Ctrl-C reaches the program directly (same process group), so we only wait: pulumi treats a second signal as "stop at
 * once". Without a terminal a signal usually reaches this process alone and is passed on.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>}
 */
export function foreground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    const atTerminal = isAtTerminal();
    /** @param {NodeJS.Signals} signal */
    const onSignal = (signal) => {
      if (!atTerminal || signal === "SIGTERM") child.kill(signal);
    };
    const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
    for (const signal of signals) process.on(signal, onSignal);
    const done = () => {
      for (const signal of signals) process.off(signal, onSignal);
    };
    child.on("error", (error) => {
      done();
      reject(error);
    });
    child.on("exit", (code, signal) => {
      done();
      resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
    });
  });
}

/**
 * Runs a program out of sight and resolves with its exit code and output. With a `label` (and how long it `usually` takes) its
 * progress is shown. A program that can't be started resolves with code 127, as in a shell.
 *
 * @typedef {object} How
 * @property {string} [label]
 * @property {string} [usually]
 * @property {string} [input]
 * @property {number} [timeout] In milliseconds.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {How & { cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, stdout: string, output: string }>}
 */
export function quietly(command, args, { label, usually, input, timeout, ...options } = {}) {
  return new Promise((resolve) => {
    const step = label ? startStep(label, usually) : undefined;
    const child = spawn(command, args, { ...options, stdio: "pipe" });
    // spawn's own timeout goes on after a program that can't be started, and keeps this process alive for as long
    const timer = timeout && setTimeout(() => child.kill(), timeout);
    const forget = waitFor(child);
    let output = "";
    let stdout = "";
    /** @param {string} chunk */
    const take = (chunk) => {
      output += chunk;
      step?.detail(lastLine(output));
    };
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", take);
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(timer);
      forget();
      step?.end();
      if (isInterrupted()) return; // this process is about to end: what would follow must not begin
      resolve({ code, stdout, output: output.trim() });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 128));
    child.stdin.on("error", () => undefined); // a program that ends without reading its input
    child.stdin.end(input ?? "");
  });
}

/**
 * The end of a long output: what went wrong is nearly always there.
 *
 * @param {string} text
 */
export function tail(text, lines = 15) {
  return text.split("\n").slice(-lines).join("\n");
}

/** @param {string} text */
function lastLine(text) {
  const end = text.trimEnd();
  return end.slice(end.lastIndexOf("\n") + 1);
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
export function findOnPath(name, env) {
  return (env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file) && statSync(file).isFile());
}

/**
 * How to run npm with a certain Node: a command, the arguments that come before npm's own, and the environment.
 *
 * npm is a script. The npm that started us names its file; started in another way (`node scripts/run.mjs`, pnpm, yarn) we take the
 * `npm` on PATH, whose first line looks for `node` on PATH, and put the right one first there.
 *
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 */
export function npmCommand(node, env = process.env) {
  const withNode = { ...env, PATH: `${dirname(node)}${delimiter}${env.PATH}` };
  const script = env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return { command: node, args: [script], env: withNode };
  return { command: "npm", args: [], env: withNode };
}

// A set-up that is interrupted: its children end first (npm takes back what it has half installed), then locks and half-made folders go.

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
function waitFor(child) {
  return register(children, child);
}

/** After Ctrl-C nothing new may begin. */
function isInterrupted() {
  return interrupted;
}

/** At a terminal, Ctrl-C has reached every process of the group already. */
function isAtTerminal() {
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
