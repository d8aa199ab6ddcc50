import { mkdirSync } from "node:fs";
import type { PythonEnvironment } from "./environment.ts";
import { WriterProcess } from "./writer-process.ts";

const idleMs = 10 * 60_000;

/**
 * The processes that write into databases. Importing PyAirbyte takes one of them several seconds, so one that has done
 * its work is kept for the next sync.
 */
export class WriterPool {
  readonly #environment: () => Promise<PythonEnvironment>;
  readonly #folder: string;
  readonly #all = new Set<WriterProcess>();
  #idle: WriterProcess | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(environment: () => Promise<PythonEnvironment>, folder: string) {
    this.#environment = environment;
    this.#folder = folder;
  }

  /** Where the syncs of these processes keep what isn't in the database yet. */
  get folder(): string {
    return this.#folder;
  }

  /** Starts a process for the next sync, if none waits for one. */
  async warm(): Promise<void> {
    if (this.#idle?.alive) return;
    this.giveBack(await this.#start());
  }

  async take(): Promise<WriterProcess> {
    const idle = this.#idle;
    this.#idle = null;
    return idle?.alive ? idle : this.#start();
  }

  giveBack(process: WriterProcess): void {
    if (!process.alive) {
      this.#all.delete(process);
      return;
    }
    if (this.#idle?.alive) {
      void this.end(process);
      return;
    }
    this.#idle = process;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#idle !== process) return;
      this.#idle = null;
      void this.end(process);
    }, idleMs).unref();
  }

  async end(process: WriterProcess): Promise<void> {
    await process.kill();
    this.#all.delete(process);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all([...this.#all].map((process) => this.end(process)));
  }

  async #start(): Promise<WriterProcess> {
    const { python } = await this.#environment();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const process = new WriterProcess(python, this.#folder);
    process.unref();
    this.#all.add(process);
    return process;
  }
}
