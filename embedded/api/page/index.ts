import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { findConnection } from "../../platform/platform.ts";
import { forbidden, notFound, Problem } from "../../problems.ts";
import { body, check, idParam, type Instance } from "../requests.ts";
import { actorDetails, arrivedOf, arrivedOfAll, connectionDetails, jobDetails, overview, showJob } from "./shown.ts";

const count = z.coerce.number().int().min(0).default(0);

/** `POST` gives a link that opens the page once. For clients with a token, as `npm run open` has one. */
export function pageLinks({ url }: Instance, sessions: Sessions): Hono {
  return new Hono().post("/", (c) => {
    const { code, expiresInSeconds } = sessions.link();
    // Behind the #, browsers keep it to themselves: it is in no request line, no log and no Referer, and whatever
    // fetches links to preview them uses nothing up.
    return c.json({ url: `${url}/#open=${code}`, expiresInSeconds });
  });
}

/** What the page in the browser asks for. It reads, and starts syncs; it can change nothing else. */
export function page(instance: Instance, sessions: Sessions, save: MiddlewareHandler): Hono {
  // Servers on other ports share the cookies of this one.
  const cookieName = `embedded-airbyte-${new URL(instance.url).port}`;
  const needsSession: MiddlewareHandler = async (c, next) => {
    if (!sessions.admits({ cookie: getCookie(c, cookieName), key: c.req.header("x-page-key") }))
      throw noSession("This page is opened by a link.");
    await next();
  };
  return new Hono()
    .use(noStore, onlyOwnOrigin)
    .get("/:file{[a-z-]+\\.(?:js|css|svg)}", (c) => pageFile(c, c.req.param("file")))
    .post("/session", async (c) => {
      const keys = sessions.open((await body(c, z.object({ code: z.string() }))).code);
      if (!keys) throw noSession("This link was used already, or is older than 5 minutes.");
      setCookie(c, cookieName, keys.cookie, { httpOnly: true, sameSite: "Strict", path: "/page" });
      return c.json({ key: keys.key });
    })
    .use(needsSession)
    .get("/overview", (c) => {
      const text = JSON.stringify(overview(instance));
      const etag = createHash("sha256").update(text).digest("base64url");
      if (c.req.query("seen") === etag) return c.body(null, 204);
      return c.body(text, 200, { "content-type": "application/json", etag });
    })
    .get("/sources/:id", async (c) => c.json(await actorDetails(instance, "source", idParam(c, "id"))))
    .get("/destinations/:id", async (c) => c.json(await actorDetails(instance, "destination", idParam(c, "id"))))
    .get("/connections/:id", (c) => c.json(connectionDetails(instance, idParam(c, "id"))))
    .post("/connections/:id/sync", save, (c) => {
      return c.json(showJob(instance, instance.jobs.start(findConnection(instance, idParam(c, "id")), "sync")));
    })
    .get("/jobs/:id", (c) => {
      return c.json(jobDetails(instance, check(count, c.req.param("id")), check(count, c.req.query("after"))));
    })
    .route("/rows", rows(instance));
}

const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  c.header("cache-control", "no-store");
};

// A browser says of every write which page it comes from. Another port of this machine is another page.
const onlyOwnOrigin: MiddlewareHandler = async (c, next) => {
  if (c.req.method !== "GET" && c.req.header("origin") !== `http://${c.req.header("host") ?? ""}`) {
    throw forbidden("Only this server's own page may do that");
  }
  await next();
};

const noSession = (why: string) =>
  new Problem(401, "no-session", why, { message: `${why} npm run open prints a new one.` });

const limit = z.coerce.number().int().min(0).max(1000).default(10);

/**
 * What has arrived in the destinations: of this server alone, Airbyte has no such API.
 *
 * `GET /` counts, for every connection that has synced; `GET /CONNECTION_ID?stream=NAME&limit=10` the first rows.
 */
export function rows(instance: Instance): Hono {
  return new Hono()
    .get("/", async (c) => c.json({ data: await arrivedOfAll(instance, c.req.query("workspaceId")) }))
    .get("/:connectionId", async (c) => {
      const connection = findConnection(instance, idParam(c, "connectionId"));
      const found = await arrivedOf(instance, connection, check(limit, c.req.query("limit")), c.req.query("stream"));
      if (!found) throw notFound("sync of the connection", connection.id);
      return c.json(found);
    });
}

const folder = new URL("../../page/", import.meta.url);

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Nothing but this server's own files runs, is asked or is shown, and no page may hold this one in a frame. */
export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
  // It is plain HTTP on the loopback.
  strictTransportSecurity: false,
});

/** One of the page's files; its name has no slash. They hold no data, so anybody may have them. */
export async function pageFile(c: Context, name: string): Promise<Response> {
  const text = await readFile(fileURLToPath(new URL(name, folder)), "utf8").catch(() => null);
  if (text === null) throw notFound("path", c.req.path);
  return c.body(text, 200, { "content-type": types[name.split(".").at(-1) ?? ""] ?? "text/plain" });
}

const linkMs = 5 * 60_000;
const sessionMs = 12 * 3_600_000;

/** The two halves of a session, as the browser keeps them: neither is good without the other. */
interface SessionKeys {
  /** For a cookie, which no script can read. */
  cookie: string;
  /**
   * For the page's own storage. Cookies know no ports: a browser sends them to whatever else listens on this address.
   * What a page stores belongs to its port alone.
   */
  key: string;
}

/** Who may see the page: whoever came by a link, for as long as the server runs. */
export class Sessions {
  readonly #links = new Map<string, number>();
  readonly #sessions = new Map<string, { key: string; until: number }>();

  /** The code of a link that opens one session, within the given time. */
  link(): { code: string; expiresInSeconds: number } {
    forget(this.#links, (until) => until);
    const code = random();
    this.#links.set(digest(code), Date.now() + linkMs);
    return { code, expiresInSeconds: linkMs / 1000 };
  }

  /** Null for a code that was used, is too old, or was never given. */
  open(code: string): SessionKeys | null {
    forget(this.#links, (until) => until);
    if (!this.#links.delete(digest(code))) return null;
    const keys = { cookie: random(), key: random() };
    this.#sessions.set(digest(keys.cookie), { key: digest(keys.key), until: Date.now() + sessionMs });
    return keys;
  }

  admits({ cookie, key }: { [half in keyof SessionKeys]: string | undefined }): boolean {
    forget(this.#sessions, ({ until }) => until);
    if (cookie === undefined || key === undefined) return false;
    return this.#sessions.get(digest(cookie))?.key === digest(key);
  }
}

function forget<T>(from: Map<string, T>, until: (value: T) => number): void {
  for (const [name, value] of from) if (until(value) <= Date.now()) from.delete(name);
}

const random = () => randomBytes(32).toString("base64url");

// Compared as digests, how long a comparison takes says nothing about the secret.
const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
