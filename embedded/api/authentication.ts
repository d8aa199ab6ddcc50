import type { Context } from "hono";
import { z } from "zod";
import type { AccessToken } from "../credentials.ts";
import type { Instance } from "../instance.ts";
import { isSame } from "../probe.ts";
import { invalidToken, OpaqueError } from "../problems.ts";
import { body, check } from "./requests.ts";

// The grant is spelled grant-type, grant_type or not at all by different clients; Airbyte doesn't look at it either.
const grantSchema = z.object({ client_id: z.string(), client_secret: z.string() });

/** A token for a client's id and secret: JSON as the APIs say, or a form as Airbyte's own SDKs and OAuth clients send. */
export async function grantToken(instance: Instance, c: Context): Promise<AccessToken> {
  const form = c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded");
  const { client_id, client_secret } = form
    ? check(grantSchema, Object.fromEntries(new URLSearchParams(await c.req.text())))
    : await body(c, grantSchema);
  if (!isClient(instance, client_id, client_secret)) throw new OpaqueError(401, "Unknown client id or secret");
  return instance.tokens.issue(client_id);
}

/** Throws a 401 unless the request comes with a good token, or with what else the server was told to take. */
export async function admit(instance: Instance, c: Context, { basic = false } = {}): Promise<void> {
  const { tokens, store, options } = instance;
  if (options.auth === "none") return;
  const [, scheme, value = ""] = /^(Bearer|Basic) (.+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (scheme?.toLowerCase() === "basic") {
    const [user = "", ...rest] = Buffer.from(value, "base64").toString("utf8").split(":");
    if (basic && isClient(instance, user, rest.join(":"))) return;
    throw invalidToken();
  }
  const clientId = scheme === undefined ? null : await tokens.clientOf(value);
  if (!store.applications.all().some((application) => application.clientId === clientId)) throw invalidToken();
}

function isClient({ store }: Instance, id: string, secret: string): boolean {
  const application = store.applications.all().find(({ clientId }) => clientId === id);
  return application !== undefined && isSame(application.clientSecret, secret);
}
