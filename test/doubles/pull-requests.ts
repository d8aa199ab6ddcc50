import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import type { Comment } from "../../scripts/commands/comment.ts";

/** Whoever has the token. */
const me = { id: 42, type: "Bot" };

/** The comments of one pull request, by the parts of GitHub's and GitLab's APIs that list, add and change them. */
export class PullRequests {
  readonly comments: Comment[] = [];
  /** Answers every call with it, if set. */
  refuses: number | undefined;
  readonly #token: string;
  readonly #server: Server;

  constructor(token: string) {
    this.#token = token;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { method, url = "", headers } = request;
    const sent = headers.authorization === `Bearer ${this.#token}` || headers["private-token"] === this.#token;
    if (!sent) return { status: 401, body: { message: "Bad credentials" } };
    if (this.refuses !== undefined) return { status: this.refuses, body: { message: "refused" } };
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const one = /^(?:\/repos\/me\/pipelines\/issues\/comments|\/projects\/7\/merge_requests\/12\/notes)\/(\d+)$/.exec(
      pathname,
    );
    const all = /^(?:\/repos\/me\/pipelines\/issues\/12\/comments|\/projects\/7\/merge_requests\/12\/notes)$/.test(
      pathname,
    );
    if (all && method === "GET") {
      const [size, page] = [Number(searchParams.get("per_page")), Number(searchParams.get("page"))];
      return { status: 200, body: this.comments.slice((page - 1) * size, page * size) };
    }
    if (pathname === "/user" && headers["private-token"] !== undefined) return { status: 200, body: me };
    const { body } = JSON.parse(await text(request)) as { body: string };
    if (all && method === "POST") {
      const comment = { id: this.comments.length + 1, body, user: me, author_association: "NONE", author: me };
      this.comments.push(comment);
      return { status: 201, body: comment };
    }
    const comment = this.comments.find(({ id }) => id === Number(one?.[1]));
    const changes = pathname.startsWith("/repos") ? "PATCH" : "PUT";
    if (comment === undefined || method !== changes) return { status: 404, body: { message: "Not Found" } };
    comment.body = body;
    return { status: 200, body: comment };
  }
}
