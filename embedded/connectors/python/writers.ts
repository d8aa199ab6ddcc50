import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../json.ts";
import type { FailureType } from "../../state.ts";
import { ConnectorFailure } from "../connector.ts";
import { clearRuns, confined, endGroup, environmentIn, signalGroup } from "./confined.ts";
import type { PythonEnvironment } from "./environments.ts";

const program = fileURLToPath(new URL("writer.py", import.meta.url));
const chunkSize = 64 * 1024;
const killAfterMs = 5_000;

type Tell = (answer: JsonObject) => void;

/** One `writer.py`: asked for one thing at a time, what it answers is in that file. */
export class WriterProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<unknown>;
  #tell: Tell = () => undefined;
  #failure: ConnectorFailure | null = null;
  #fail!: (failure: ConnectorFailure) => void;
  readonly #failed = new Promise<never>((_, reject) => {
    this.#fail = (failure) => {
      this.#failure ??= failure;
      this.#resume();
      reject(failure);
    };
  });
  /** Goes on where the process has not taken what was written. */
  #resume: () => void = () => undefined;
  #chunk: string[] = [];
  #chunkSize = 0;

  /** @param local the folder in which databases and files of this machine lie. */
  constructor(python: string, folder: string, local: string) {
    this.#failed.catch(() => undefined);
    const rights = { read: [dirname(program)], write: [folder, local] };
    const env = environmentIn(folder, ["LANG", "LC_ALL"], {
      AIRBYTE_LOGGING_ROOT: join(folder, "logs"),
      AIRBYTE_PROJECT_DIR: folder,
    });
    const child = spawn(python, confined(python, rights, ["-W", "ignore", program]), {
      ...{ detached: true, cwd: folder, env },
    });
    this.#child = child;
    this.#exit = once(child, "close").catch(() => undefined);
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-4_000)));
    createInterface(child.stdout).on("line", (line) => {
      this.#answer(JSON.parse(line) as JsonObject);
    });
    // A pipe that breaks is no news: the process has ended, and that is told.
    child.stdin.on("error", () => undefined);
    child.stdin.on("drain", () => {
      this.#resume();
    });
    child.once("error", (error) => {
      this.#fail(new ConnectorFailure(`The writer did not start: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      const reason = errors.trim().split("\n").at(-1) ?? "";
      this.#fail(new ConnectorFailure(`The writer ended (${signal ?? `code ${String(code)}`}). ${reason}`.trim()));
    });
  }

  get alive(): boolean {
    return this.#failure === null;
  }

  /** Sends a request and resolves with the answer of that type; other answers go to `tell`, then and later. */
  async ask(request: JsonObject, last: string, tell: Tell = () => undefined): Promise<JsonObject> {
    const answered = new Promise<JsonObject>((resolve) => {
      this.#tell = (answer) => {
        if (answer.type === last) resolve(answer);
        else tell(answer);
      };
    });
    this.#add(JSON.stringify(request));
    await this.#flush();
    return Promise.race([answered, this.#failed]);
  }

  /** Adds a line to what is sent next. */
  write(line: string): Promise<void> | undefined {
    this.#add(line);
    return this.#chunkSize < chunkSize ? undefined : this.#flush();
  }

  /** Nothing more is written after this; resolves when the process is gone. */
  async kill(): Promise<void> {
    await endGroup(this.#child, killAfterMs);
    await this.#exit;
  }

  /** Ends the process and its children without waiting. */
  killNow(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) signalGroup(this.#child, "SIGKILL");
  }

  /** Lets this program end although the process waits for work. */
  unref(): void {
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      (stream as unknown as { unref: () => void }).unref();
    }
  }

  #answer(answer: JsonObject): void {
    if (answer.type !== "ERROR") {
      this.#tell(answer);
      return;
    }
    this.#fail(new ConnectorFailure(answer.message as string, answer.failureType as FailureType));
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  #add(line: string): void {
    this.#chunk.push(line, "\n");
    this.#chunkSize += line.length + 1;
  }

  async #flush(): Promise<void> {
    this.#throwFailure();
    const chunk = this.#chunk.join("");
    this.#chunk = [];
    this.#chunkSize = 0;
    if (this.#child.stdin.write(chunk)) return;
    await new Promise<void>((resolve) => (this.#resume = resolve));
    this.#throwFailure();
  }
}

const idleMs = 10 * 60_000;

/**
 * The processes that write into databases. Importing PyAirbyte takes one of them several seconds, so one is started
 * when it will be wanted soon, and one that has done its work is kept for the next sync.
 */
export class WriterPool {
  readonly #environment: () => Promise<PythonEnvironment>;
  readonly #all = new Set<WriterProcess>();
  #idle: Promise<WriterProcess> | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** Where syncs keep what isn't in the database yet. */
  readonly folder: string;
  readonly #local: string;

  /**
   * @param folder what a server that was killed has left in there is taken away.
   * @param local the folder in which databases and files of this machine lie.
   */
  constructor(environment: () => Promise<PythonEnvironment>, folder: string, local: string) {
    this.#environment = environment;
    this.folder = resolve(folder);
    this.#local = resolve(local);
    clearRuns(this.folder);
    process.on("exit", this.#killAll);
  }

  /** Starts a process for the next sync, if none waits for one. */
  warm(): void {
    if (this.#idle) return;
    const starting = this.#start();
    // Whoever takes it hears of it.
    starting.catch(() => undefined);
    this.#keep(starting);
  }

  async take(): Promise<WriterProcess> {
    const idle = this.#idle;
    this.#idle = null;
    const waiting = await idle?.catch(() => undefined);
    if (waiting?.alive) return waiting;
    if (waiting) this.#all.delete(waiting);
    return this.#start();
  }

  giveBack(process: WriterProcess): void {
    if (!process.alive) this.#all.delete(process);
    else if (this.#idle) void this.end(process);
    else this.#keep(Promise.resolve(process));
  }

  async end(process: WriterProcess): Promise<void> {
    await process.kill();
    this.#all.delete(process);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#idle?.catch(() => undefined);
    await Promise.all([...this.#all].map((process) => this.end(process)));
    process.off("exit", this.#killAll);
  }

  #keep(idle: Promise<WriterProcess>): void {
    this.#idle = idle;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#idle !== idle) return;
      this.#idle = null;
      void idle.then((process) => this.end(process));
    }, idleMs).unref();
  }

  async #start(): Promise<WriterProcess> {
    const { python } = await this.#environment();
    for (const folder of [this.folder, this.#local]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const process = new WriterProcess(python, this.folder, this.#local);
    process.unref();
    this.#all.add(process);
    return process;
  }

  // For a server that ends in a hurry.
  readonly #killAll = () => {
    for (const process of this.#all) process.killNow();
  };
}
