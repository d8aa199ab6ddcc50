import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../json.ts";
import type { FailureType } from "../connector.ts";
import { ConnectorFailure } from "../protocol/failure.ts";
import { confined } from "./confined.ts";

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
    const child = spawn(python, confined(python, rights, ["-W", "ignore", program]), {
      ...{ detached: true, cwd: folder, env: environment(folder) },
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
    this.signal("SIGTERM");
    const force = setTimeout(() => {
      this.signal("SIGKILL");
    }, killAfterMs);
    await this.#exit;
    clearTimeout(force);
  }

  /** To the process and its children. */
  signal(name: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, name);
    } catch {
      // It has just ended.
    }
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

// Nothing of the server's own environment that the libraries don't need; and they are to tell nobody what they do.
function environment(folder: string): NodeJS.ProcessEnv {
  const names = ["PATH", "LANG", "LC_ALL", "TZ"];
  return {
    ...Object.fromEntries(names.map((name) => [name, process.env[name]])),
    HOME: folder,
    TMPDIR: folder,
    AIRBYTE_OFFLINE_MODE: "1",
    DO_NOT_TRACK: "1",
    AIRBYTE_LOGGING_ROOT: join(folder, "logs"),
    AIRBYTE_PROJECT_DIR: folder,
  };
}
