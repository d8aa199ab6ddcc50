// The server that is asked, in a process of its own, and what stands between it and a fuzzer.
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { markdownTable, whole } from "../bench/table.ts";
import { loadCredentials } from "../embedded/credentials.ts";

const main = fileURLToPath(new URL("../embedded/main.ts", import.meta.url));
const longestLog = 4_000_000;

/** An embedded Airbyte in a process of its own, so that one that ends or hangs takes nothing along. */
export class FuzzedServer {
  readonly url: string;
  readonly token: string;
  readonly #child: ChildProcess;
  readonly #log: () => string;

  private constructor(url: string, token: string, child: ChildProcess, log: () => string) {
    this.url = url;
    this.token = token;
    this.#child = child;
    this.#log = log;
  }

  static async start(dataDir: string): Promise<FuzzedServer> {
    const args = [main, "--data", dataDir, "--port", "0", "--connectors", "simulated", "--token-ttl-seconds", "3600"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-longestLog)));
    const url = await new Promise<string>((resolve, reject) => {
      child.once("exit", () => {
        reject(new Error(`The embedded Airbyte doesn't start: ${log}`));
      });
      createInterface(child.stdout).on("line", (line) => {
        const [, found] = / listens on (\S+)$/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    return new FuzzedServer(url, await tokenOf(url, dataDir), child, () => log);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What the log says of an answer that shows an id alone. The two arrive by different ways. */
  async causeOf(errorId: string): Promise<string | undefined> {
    for (let tries = 0; tries < 40; tries++) {
      const cause = causeIn(this.#log(), errorId);
      if (cause !== undefined) return cause;
      await delay(25);
    }
    return undefined;
  }

  /** One call with the token; throws where it gets no answer, or another one than JSON. */
  async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Ends it as a user does. Resolves with whether it ended well. */
  async close(): Promise<boolean> {
    if (this.hasEnded) return false;
    const ended = new Promise<boolean>((resolve) => this.#child.once("exit", (code) => resolve(code === 0)));
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    return ended.finally(() => clearTimeout(timer));
  }
}

async function tokenOf(url: string, dataDir: string): Promise<string> {
  const { clientId, clientSecret } = loadCredentials(dataDir);
  const response = await fetch(`${url}/api/public/v1/applications/token`, {
    method: "POST",
    body: JSON.stringify({ client_id: clientId, client_secret: clientSecret }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** The longest that an answer may take. Nothing here waits for another system. */
const hangMs = 10_000;
/** What a caller sees of an answer in which something is wrong; of all others at most the second. */
const [wrongStatus, worstStatus] = [599, 499];

const hasEnded = "the server has ended";

/**
 * Stands between a fuzzer and the server: brings the token along (which is in no process's arguments so), judges every answer, and shows
 * what is wrong as a status of its own, which the fuzzer looks for and boils down to the smallest call.
 */
export class Gateway {
  readonly statuses = new Map<number, number>();
  readonly failures: Failure[] = [];
  readonly #server: FuzzedServer;
  readonly #listener = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));

  constructor(server: FuzzedServer) {
    this.#server = server;
  }

  get calls(): number {
    return [...this.statuses.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Resolves with its address. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#listener.listen(0, "127.0.0.1", () => {
        resolve(`http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`);
      });
    });
  }

  close(): void {
    this.#listener.close();
    this.#listener.closeAllConnections();
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const sent = await textOf(incoming);
    const { method = "GET", url: path = "/" } = incoming;
    const fail = (what: string) => {
      this.#note({ what, method, path, sent: sent.toString().slice(0, 2_000) });
      outgoing.writeHead(wrongStatus, { "content-type": "text/plain" }).end(what);
    };
    try {
      const answer = await this.#ask(incoming, sent);
      const { status, contentType } = answer;
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      const errorId = status >= 500 ? errorIdOf(answer.body) : undefined;
      const cause = errorId === undefined ? undefined : await this.#server.causeOf(errorId);
      const wrong = judge({ method, path, cause, ...answer });
      if (wrong !== undefined) fail(wrong);
      else outgoing.writeHead(Math.min(status, worstStatus), { "content-type": contentType }).end(answer.body);
    } catch (error) {
      this.statuses.set(0, (this.statuses.get(0) ?? 0) + 1);
      // Its end is told a moment after that of the connection.
      await delay(100);
      fail(this.#server.hasEnded ? hasEnded : (error as Error).message);
    }
  }

  /** Once, however often it is found on the way to the smallest call; of a server that has ended, the call that ended it. */
  #note(failure: Failure): void {
    const isKnown = this.failures.some(
      (one) => one.what === failure.what && (failure.what === hasEnded || isAlike(one, failure)),
    );
    if (!isKnown) this.failures.push(failure);
  }

  #ask({ method, url, headers }: IncomingMessage, sent: Buffer) {
    return new Promise<{ status: number; contentType: string; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(this.#server.url);
      const authorization = `Bearer ${this.#server.token}`;
      const options = { hostname, port, method, path: url, headers: { ...headers, authorization }, timeout: hangMs };
      const call = request(options, (response) => {
        textOf(response).then((body) => {
          const { statusCode = 0, headers: got } = response;
          resolve({ status: statusCode, contentType: got["content-type"] ?? "", body: body.toString() });
        }, reject);
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${hangMs / 1000} s`)));
      call.on("error", reject).end(sent);
    });
  }
}

function isAlike(one: Failure, other: Failure): boolean {
  const operation = ({ method, path }: Failure) =>
    `${method} ${(path.split("?")[0] ?? "").replaceAll(/[^/]*\d[^/]*/g, "ID")}`;
  return operation(one) === operation(other);
}

async function textOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What a server has answered, and what its log says of it. */
export interface Answer {
  method: string;
  path: string;
  status: number;
  contentType: string;
  body: string;
  /** What the log has under the answer's id, which is all that an answer without a reason shows. */
  cause?: string | undefined;
}

const stackFrame = /^\s*at .+:\d+:\d+\)?$/m;

/** What is wrong with an answer; undefined where nothing is. */
export function judge({ method, path, status, contentType, body, cause }: Answer): string | undefined {
  if (stackFrame.test(body) || /\bat \S+ \(?file:\/\//.test(body)) return "the answer shows a stack trace";
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  const json = isEmpty ? null : parsed(body);
  if (json === undefined && !(path.split("?")[0]?.endsWith("/health") && status === 200)) {
    return `the answer (${status}, ${contentType || "no type"}) is not JSON`;
  }
  if (json !== undefined && !isEmpty && !contentType.startsWith("application/json"))
    return `JSON is sent as ${contentType}`;
  if (status < 500) return undefined;
  // Airbyte answers some calls with 500, and so does the embedded one. That is meant where it says why, here or in its log.
  if (cause !== undefined && stackFrame.test(cause)) return `nobody foresaw: ${cause.split("\n", 1)[0] ?? ""}`;
  if (cause === undefined && errorIdOf(body) !== undefined) return `${status}, of which the log says nothing`;
  return undefined;
}

/** The id that stands for the reason in Airbyte's shortest errors. */
function errorIdOf(body: string): string | undefined {
  const json = parsed(body);
  const id = typeof json === "object" && json !== null ? (json as { errorId?: unknown }).errorId : undefined;
  return typeof id === "string" ? id : undefined;
}

/** What the server's log says under an id: what follows its line, up to the next line with a time. undefined: nothing yet. */
export function causeIn(log: string, id: string): string | undefined {
  const at = log.indexOf(`"errorId":"${id}"`);
  if (at < 0) return undefined;
  const [, ...rest] = log.slice(at).split("\n");
  const end = rest.findIndex((line) => /^\d{4}-\d\d-\d\dT/.test(line));
  const text = (end < 0 ? rest : rest.slice(0, end)).join("\n");
  return text === "" ? undefined : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A call that got an answer in which something is wrong. */
interface Failure {
  what: string;
  method: string;
  path: string;
  /** The body that was sent. */
  sent: string;
}

/** What came of one part of a run. */
export interface Outcome {
  part: string;
  calls: number;
  operations: number;
  failures: Failure[];
  seconds: number;
  /** The time was over before the calls were. */
  cut: boolean;
  note: string;
}

export function tableOf(outcomes: Outcome[]): string {
  return markdownTable(outcomes, {
    part: ({ part }) => part,
    calls: ({ calls }) => whole(calls),
    operations: ({ operations }) => whole(operations),
    failures: ({ failures }) => whole(failures.length),
    seconds: ({ seconds, cut }) => `${whole(seconds)}${cut ? " (all it had)" : ""}`,
    "what came": ({ note }) => note,
  });
}
