import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { withGiven } from "./options.ts";

const ruleSchema = z.object({
  /** How many calls it strikes. */
  count: z.int().min(1).default(1),
  /** `PUT`, or several: `PUT|PATCH`. */
  method: z.string().optional(),
  /** A regular expression that the path has to match. */
  path: z.string().optional(),
  /** A regular expression that the body has to match. */
  body: z.string().optional(),
  /** Answered instead of handling the call. */
  status: z.int().min(400).max(599).optional(),
  /** Answered so much later, and the work is done before that only where it is `late`. */
  delayMs: z.int().min(1).optional(),
  /** The status, or the web page, comes after the work is done and saved, as from a gateway that gave up waiting. */
  late: z.boolean().optional(),
  /** `Retry-After`, in seconds. */
  retryAfter: z.int().min(0).optional(),
  /** Cuts the connection: before anything is done, or after the work is done and saved, in place of the answer. */
  drop: z.enum(["before", "after"]).optional(),
  /** Handles the call and cuts the answer off in the middle. */
  truncate: z.boolean().optional(),
  /** Answers with a web page, as proxies do; with `status`, or 200. */
  html: z.boolean().optional(),
});

const faultsSchema = z.object({
  /** Every call takes this much longer. */
  latencyMs: z.int().min(0).optional(),
  next: z.union([ruleSchema.transform((rule) => [rule]), z.array(ruleSchema)]).optional(),
  /** Discovery (when it is not cached) takes this long. */
  slowDiscoveryMs: z.int().min(0).optional(),
  /** Discovery fails, and this is the connector's log. */
  discoverError: z.string().optional(),
  /** Connection tests fail, and this is the connector's message; `{configuration}` in it is what it was given. */
  checkError: z.string().optional(),
  /** How long a job takes. */
  jobMs: z.int().min(0).optional(),
  /** Jobs fail, for this reason. */
  jobError: z.string().optional(),
  /** Refuses all tokens issued so far; done once. */
  expireTokens: z.boolean().optional(),
});

type Rule = z.infer<typeof ruleSchema>;

interface Settings {
  latencyMs: number;
  slowDiscoveryMs: number;
  discoverError: string | null;
  checkError: string | null;
  jobMs: number;
  jobError: string | null;
}

export type Env = { Bindings: HttpBindings };

/** The misbehaviour that tests ask for, and the count of what clients asked. Without faults it only counts. */
export class Faults {
  readonly #defaults: Settings;
  settings: Settings;
  #rules: Rule[] = [];
  readonly calls: Record<string, number> = {};

  constructor(jobMs: number) {
    this.#defaults = { latencyMs: 0, slowDiscoveryMs: 0, discoverError: null, checkError: null, jobMs, jobError: null };
    this.settings = this.#defaults;
  }

  add(given: z.infer<typeof faultsSchema>): void {
    this.settings = withGiven(this.settings, given);
    this.#rules.push(...(given.next ?? []));
  }

  /** The rules that have not struck yet, or not as often as they are to. */
  get left(): Rule[] {
    return this.#rules;
  }

  clear(): void {
    this.settings = this.#defaults;
    this.#rules = [];
    for (const call of Object.keys(this.calls)) Reflect.deleteProperty(this.calls, call);
  }

  /** Sits in front of the API's routes. */
  get middleware(): MiddlewareHandler<Env> {
    return async (c, next) => {
      // The public API's prefix is left out: "GET /sources/:sourceId".
      const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"))?.path ?? "(no such path)";
      const call = `${c.req.method} ${route.replace(/^\/api\/public\/v1(?=\/)/, "")}`;
      this.calls[call] = (this.calls[call] ?? 0) + 1;
      if (this.settings.latencyMs > 0) await delay(this.settings.latencyMs);
      const body = this.#rules.some((candidate) => candidate.body !== undefined) ? await c.req.text() : "";
      const rule = this.#take(c.req.method, c.req.path, body);
      if (!rule) return next();
      if (rule.drop === "before") return cut(c);
      if (!rule.late) await slow(c, rule);
      const refuses = rule.html === true || rule.status !== undefined;
      if (refuses && !rule.late) return refuse(c, rule);
      await next();
      if (rule.late) await slow(c, rule);
      const answer = refuses ? refuse(c, rule) : await spoilt(c, rule);
      // Hono copies an answer that replaces another one, and what is sent already must not be sent as a copy.
      c.res = undefined;
      c.res = answer;
    };
  }

  #take(method: string, path: string, body: string): Rule | undefined {
    const rule = this.#rules.find(
      (candidate) =>
        (candidate.method === undefined || candidate.method.toUpperCase().split("|").includes(method)) &&
        (candidate.path === undefined || new RegExp(candidate.path).test(path)) &&
        (candidate.body === undefined || new RegExp(candidate.body).test(body)),
    );
    if (rule) rule.count -= 1;
    this.#rules = this.#rules.filter(({ count }) => count > 0);
    return rule;
  }
}

/** `/faults`: POST adds, GET counts, DELETE clears faults and counts. Served only to holders of a token. */
export function faultRoutes(faults: Faults, tokens: { issued: number; expireAll(): void }): Hono<Env> {
  return new Hono<Env>()
    .get("/", (c) => {
      const { calls, settings, left } = faults;
      return c.json({ calls, tokensIssued: tokens.issued, settings, left });
    })
    .post("/", async (c) => {
      const given = faultsSchema.safeParse(await c.req.json());
      if (!given.success) return c.json({ message: z.prettifyError(given.error) }, 400);
      faults.add(given.data);
      if (given.data.expireTokens) tokens.expireAll();
      return c.json(faults.settings);
    })
    .delete("/", (c) => {
      faults.clear();
      return c.body(null, 204);
    });
}

/** Work that nobody waits for any more is done all the same: the request is there as a whole. */
async function slow(c: Context<Env>, { delayMs }: Rule): Promise<void> {
  if (delayMs === undefined) return;
  await c.req.text();
  await delay(delayMs);
}

/** The answer to what was done, as far as the rule lets it through. */
function spoilt(c: Context<Env>, rule: Rule): Response | Promise<Response> {
  if (rule.drop === "after") return cut(c);
  return rule.truncate ? truncate(c) : c.res;
}

function cut(c: Context<Env>): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

async function truncate(c: Context<Env>): Promise<Response> {
  const body = Buffer.from(await c.res.arrayBuffer());
  const { outgoing, incoming } = c.env;
  outgoing.writeHead(c.res.status, { "content-type": "application/json", "content-length": body.length });
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}

function refuse(c: Context<Env>, rule: Rule): Response {
  const status = rule.status ?? 200;
  const headers: Record<string, string> = rule.retryAfter === undefined ? {} : { "retry-after": `${rule.retryAfter}` };
  if (rule.html) {
    return new Response("<html><body><h1>Bad gateway</h1></body></html>", {
      status,
      headers: { ...headers, "content-type": "text/html" },
    });
  }
  // What Airbyte says when it limits the rate (without Retry-After, unless a test wants one).
  const body =
    status === 429 ? { message: "You are being rate limited." } : { errorId: "00000000-0000-4000-8000-000000000000" };
  return new Response(JSON.stringify(body), { status, headers: { ...headers, "content-type": "application/json" } });
}
