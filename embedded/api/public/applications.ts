import { randomBytes, randomUUID } from "node:crypto";
import { Hono, type Context } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Application } from "../../state.ts";
import { badRequest, notFound, OpaqueError } from "../problems.ts";
import { body, check, idParam } from "../requests.ts";

// The grant is spelled grant-type, grant_type or not at all by different clients; Airbyte doesn't look at it either.
const grantSchema = z.object({ client_id: z.string(), client_secret: z.string() });

/** `POST /applications/token`, for anyone: JSON as the API says, or a form as Airbyte's own SDKs send it. */
export function tokenRoute(instance: Instance) {
  return async (c: Context) => {
    const form = c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded");
    const { client_id, client_secret } = form
      ? check(grantSchema, Object.fromEntries(new URLSearchParams(await c.req.text())))
      : await body(c, grantSchema);
    const application = instance.store.applications.all().find(({ clientId }) => clientId === client_id);
    if (application?.clientSecret !== client_secret) throw new OpaqueError(401, "Unknown client id or secret");
    return c.json(await instance.tokens.issue(client_id));
  };
}

export function applications(instance: Instance): Hono {
  const { store } = instance;
  const find = (c: Context) => {
    const id = idParam(c, "applicationId");
    const application = store.applications.get(id);
    if (!application) throw notFound("application", id);
    return application;
  };
  return new Hono()
    .get("/", (c) => c.json({ applications: store.applications.all().map(shown) }))
    .post("/", async (c) => {
      const { name } = await body(c, z.object({ name: z.string() }));
      const application = store.applications.put({
        id: randomUUID(),
        name,
        clientId: randomUUID(),
        clientSecret: randomBytes(32).toString("base64url"),
        createdAt: Date.now(),
        own: false,
      });
      return c.json(shown(application));
    })
    .get("/:applicationId", (c) => c.json(shown(find(c))))
    .delete("/:applicationId", (c) => {
      const application = find(c);
      if (application.own) {
        throw badRequest("This is the installation's own application; without it nobody could get in");
      }
      store.applications.remove(application.id);
      return c.json(shown(application));
    });
}

function shown({ id, name, clientId, clientSecret, createdAt }: Application) {
  return { id, name, clientId, clientSecret, createdAt: Math.floor(createdAt / 1000) };
}
