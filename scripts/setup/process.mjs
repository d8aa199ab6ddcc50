// The two ways this project starts another program. Runs on Node 18.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isAtTerminal, isInterrupted, waitFor } from "./cleanup.mjs";
import { startStep } from "./progress.mjs";

/**
 * Runs a program that takes over the terminal, and resolves with its exit code.
 *
 * At a terminal Ctrl-C reaches the program directly (same process group), so we only wait: pulumi treats a second signal as "stop at
 * once". Without a terminal a signal usually reaches this process alone and is passed on.
 */
export function foreground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    const atTerminal = isAtTerminal();
    const onSignal = (signal) => {
      if (!atTerminal || signal === "SIGTERM") child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
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
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/**
 * Runs a program out of sight and resolves with its exit code and output. With a `label` (and how long it `usually` takes) its
 * progress is shown. A program that can't be started resolves with code 127, as in a shell.
 */
export function quietly(command, args, { label, usually, input, timeout, ...options } = {}) {
  return new Promise((resolve) => {
    const step = label ? startStep(label, usually) : undefined;
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
    // spawn's own timeout goes on after a program that can't be started, and keeps this process alive for as long
    const timer = timeout && setTimeout(() => child.kill(), timeout);
    const forget = waitFor(child);
    let output = "";
    let stdout = "";
    const take = (chunk) => {
      output += chunk;
      step?.detail(lastLine(output));
    };
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", take);
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

/** The end of a long output: what went wrong is nearly always there. */
export function tail(text, lines = 15) {
  return text.split("\n").slice(-lines).join("\n");
}

function lastLine(text) {
  const end = text.trimEnd();
  return end.slice(end.lastIndexOf("\n") + 1);
}
