import { spawn, type ChildProcess } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Json } from "../json.ts";
import { ConnectorFailure } from "./connector.ts";
import {
  clearRuns,
  confined,
  endGroup,
  environmentIn,
  limitMet,
  memoryBytes,
  newRun,
  signalGroup,
} from "./python/confined.ts";
import type { PythonEnvironment } from "./python/environments.ts";
import type { Masking } from "./secrets.ts";

/** One run of a connector's program. */
export interface Run {
  /** Its Python environment, and the program in there. */
  environment: string;
  program: string;
  command: "spec" | "check" | "discover" | "read";
  /** Handed over as files: `{config: …}` becomes `--config FILE`. */
  files: Record<string, Json>;
  masking: Masking;
  /** Folders that it may read beside its own. */
  read?: string[] | undefined;
  /** Ends the program and its children. */
  signal?: AbortSignal | undefined;
}

const minute = 60_000;
/** `read` has no limit but for silence: 3 hours, as in Airbyte (its heartbeat between messages). */
const limits = { spec: 2 * minute, check: 5 * minute, discover: 10 * minute, read: Infinity };
const silenceMs = 180 * minute;
/** What a program gets to end by itself. */
const graceMs = 2_000;
/** How much of its last words are shown when it crashes. */
const maxTailBytes = 16 * 1024;
/** More is kept, so that none of them is the end of a secret that nobody knows any more. */
const keptTailBytes = 64 * 1024;

/** How a connector reaches its system. */
const networkVariables = [
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
];

/** The running programs of one server, each in a private folder and a process group of its own. */
export class Programs {
  readonly #folder: string;
  /** Installs an environment unless it is there. Throws an error that says what to do. */
  readonly install: (environment: string) => Promise<PythonEnvironment>;
  readonly #closing = new AbortController();
  readonly #running = new Set<ChildProcess>();

  /** @param folder for private files. What a server that was killed has left in there is taken away. */
  constructor(folder: string, install: Programs["install"]) {
    this.#folder = resolve(folder);
    this.install = install;
    clearRuns(this.#folder);
    process.on("exit", this.#killAll);
  }

  /**
   * Runs a program and hands out the lines that it writes to stdout, a handful at a time (a step of its own for each of
   * a million lines would cost seconds), no faster than they are taken. Throws a ConnectorFailure if it fails, is silent
   * or takes too long, and the signal's reason if that aborts. Whatever happens, and also if the caller stops listening:
   * afterwards the program, its children and its files are gone.
   */
  async *lines(run: Run): AsyncGenerator<string[], void, undefined> {
    const { bin, python } = await this.install(run.environment);
    const signal = AbortSignal.any([this.#closing.signal, ...(run.signal ? [run.signal] : [])]);
    signal.throwIfAborted();
    const folder = newRun(this.#folder);
    const files = Object.entries(run.files).flatMap(([name, content]) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
      return [`--${name}`, file];
    });
    const rights = { read: [bin, ...(run.read ?? [])], write: [folder], memoryBytes };
    const child = spawn(python, confined(python, rights, [join(bin, run.program), run.command, ...files]), {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: environmentIn(folder, networkVariables, {
        LANG: process.env.LANG ?? "C.UTF-8",
        PYTHONUTF8: "1",
        LANGCHAIN_TRACING_V2: "false",
      }),
    });
    this.#running.add(child);
    try {
      yield* outputOf(child, run, signal);
    } finally {
      await endGroup(child, graceMs);
      rmSync(folder, { recursive: true, force: true });
      this.#running.delete(child);
    }
  }

  /** Ends every program, and waits until they and their files are gone; whoever reads them need not be listening. */
  async close(): Promise<void> {
    this.#closing.abort(new ConnectorFailure("The server was stopped", "transient_error"));
    await Promise.all([...this.#running].map((child) => endGroup(child, graceMs)));
    clearRuns(this.#folder);
    process.off("exit", this.#killAll);
  }

  // For a server that ends in a hurry.
  readonly #killAll = () => {
    for (const child of this.#running) signalGroup(child, "SIGKILL");
  };
}

async function* outputOf(
  child: ChildProcess,
  run: Run,
  signal: AbortSignal,
): AsyncGenerator<string[], void, undefined> {
  const { stdout } = child;
  if (!stdout) throw new ConnectorFailure(`${run.program} could not be started`);
  const exited = exitOf(child);
  exited.catch(() => undefined); // it is awaited only after the output
  const lastWords = tailOf(child);
  const end = () => void endGroup(child, graceMs);
  signal.addEventListener("abort", end, { once: true });
  const watch = watchTime(run, end);
  const splitter = new LineSplitter();
  try {
    for await (const chunk of stdout) {
      watch.pause();
      yield splitter.push(chunk as Buffer);
      watch.resume();
    }
    yield splitter.rest();
    const code = await exited;
    signal.throwIfAborted();
    if (watch.expired) throw new ConnectorFailure(watch.expired, "transient_error");
    if (code !== 0) throw crash(run, code, lastWords());
  } finally {
    watch.stop();
    signal.removeEventListener("abort", end);
  }
}

/** Resolves with the exit code, or the signal's name. Children that outlive the program end with it. */
function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      signalGroup(child, "SIGKILL");
      resolve(code ?? signal ?? -1);
    });
  });
}

/** The limit of the whole run, and that of silence, which doesn't count while nobody listens. */
function watchTime({ command, program }: Run, end: () => void) {
  const began = Date.now();
  let waitingSince = began;
  const watch = {
    expired: "",
    pause: () => (waitingSince = Infinity),
    resume: () => (waitingSince = Date.now()),
    stop: () => {
      clearInterval(timer);
    },
  };
  const expire = (why: string) => {
    watch.expired ||= why;
    end();
  };
  const timer = setInterval(() => {
    const now = Date.now();
    const limit = limits[command];
    if (now - began > limit) expire(`${program} ${command} took longer than ${limit / minute} minutes`);
    if (now - waitingSince > silenceMs) expire(`${program} said nothing for ${silenceMs / minute} minutes`);
  }, 1_000);
  return watch;
}

function tailOf(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (tail = (tail + chunk).slice(-keptTailBytes)));
  return () => tail;
}

function crash({ program, command, masking }: Run, code: number | string, tail: string): ConnectorFailure {
  const lines = masking(tail).slice(-maxTailBytes).trim().split("\n").slice(-15);
  const last = limitMet(tail) ?? lines.at(-1)?.trim() ?? "";
  const message = `${program} ${command} ended with ${code}${last === "" ? "" : `: ${last}`}`;
  return new ConnectorFailure(message, "system_error", lines.join("\n"));
}

/** More than any sensible message, and little enough to be kept in memory. */
const maxLineBytes = 64 * 1024 * 1024;

const newline = 0x0a;

/** Cuts what a program writes into lines, chunk by chunk. */
export class LineSplitter {
  readonly #maxBytes: number;
  #begun: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes = maxLineBytes) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that this chunk completes. Throws where a line grows beyond bounds. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#add(chunk.subarray(from, at));
      lines.push(this.#take());
      from = at + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
    return lines;
  }

  /** What came after the last newline. */
  rest(): string[] {
    return this.#bytes === 0 ? [] : [this.#take()];
  }

  #add(part: Buffer): void {
    this.#begun.push(part);
    this.#bytes += part.length;
    if (this.#bytes <= this.#maxBytes) return;
    throw new ConnectorFailure(`The connector wrote a message of more than ${this.#maxBytes / 1024 / 1024} MB`);
  }

  #take(): string {
    const [first] = this.#begun;
    const line = this.#begun.length === 1 && first ? first.toString() : Buffer.concat(this.#begun).toString();
    this.#begun = [];
    this.#bytes = 0;
    return line;
  }
}
