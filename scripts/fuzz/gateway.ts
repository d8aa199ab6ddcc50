import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { errorIdOf, judge } from "./judge.ts";
import type { FuzzedServer } from "./server.ts";

/** The longest that an answer may take. Nothing here waits for another system. */
const hangMs = 10_000;
/** What a caller sees of an answer in which something is wrong; of all others at most the second. */
const [wrongStatus, worstStatus] = [599, 499];

const hasEnded = "the server has ended";

export interface Failure {
  what: string;
  method: string;
  path: string;
  /** The body that was sent. */
  sent: string;
}

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
