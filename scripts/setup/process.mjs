// The two ways this project starts another program, and how it starts npm. Runs on Node 18.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname } from "node:path";
import { isAtTerminal, isInterrupted, waitFor } from "./cleanup.mjs";
import { startStep } from "./progress.mjs";

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
