import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { clearRuns } from "../runs.ts";
import type { PythonEnvironment } from "./environment.ts";
import { WriterProcess } from "./writer-process.ts";

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
    for (const process of this.#all) process.signal("SIGKILL");
  };
}
