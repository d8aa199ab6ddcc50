import { Hono, type MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { findConnection } from "../../platform/connections.ts";
import { forbidden, Problem } from "../problems.ts";
import { body, check, idParam } from "../requests.ts";
import { rows } from "../rows.ts";
import { actorDetails, connectionDetails, jobDetails } from "./details.ts";
import { pageFile } from "./files.ts";
import { overview, showJob } from "./overview.ts";
import type { Sessions } from "./sessions.ts";

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
