import { Hono, type Context, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ConnectorFailure } from "../connectors/connector.ts";
import { faultRoutes, type Env } from "../faults.ts";
import type { ConnectorsMode } from "../options.ts";
import { NONCE_HEADER, PROOF_HEADER } from "../probe.ts";
import {
  AnsweredError,
  connectorFailed,
  forbidden,
  FrameworkError,
  notFound,
  OpaqueError,
  tooLarge,
} from "../problems.ts";
import { configApi } from "./config/index.ts";
import { page, pageFile, pageHeaders, pageLinks, rows, Sessions } from "./page/index.ts";
import { publicApi } from "./public/index.ts";
import { admit, grantToken, type Instance } from "./requests.ts";

const maxBodyBytes = 10 * 1024 * 1024;
const publicRoot = "/api/public/v1";
const configRoot = "/api/v1";
/** What Airbyte has no call for. */
const ownRoot = "/api/embedded";

/** Which connectors are real, in the server's own words. */
const connectorsInWords: Record<ConnectorsMode, string> = {
  simulated: "Connectors are simulated: check always succeeds, and no other system is ever contacted.",
  auto:
    "Connectors that Airbyte publishes as Python packages run where that is possible; those that need an account only " +
    "check. The others are simulated, and say so: their check always succeeds, and no other system is contacted.",
  real:
    "Connectors that Airbyte publishes as Python packages run. The others are simulated, and say so: their check always " +
    "succeeds, and no other system is contacted.",
};

/** What is simulated besides. */
const simulates = [
  "The APIs are Airbyte's public API and its older config API; this server is not Airbyte.",
  "Where it is simulated, Google Sheets discovers customers, orders and products, whatever the spreadsheet holds.",
  "Postgres discovers the tables users and orders in each configured schema.",
  "Connectors that are not known here accept every configuration and every stream name.",
  "Rows of simulated sources are made up, and leave no state; into a simulated destination nothing is written.",
  "Permissions are kept, but not enforced.",
];

export function createApp(instance: Instance): Hono<Env> {
  const { faults, tokens, options } = instance;
  const token: MiddlewareHandler = async (c, next) => {
    await admit(instance, c);
    await next();
  };
  const watched = [faults.middleware, saveChanges(instance)] as const;
  // Not strict: paths are served with and without a trailing slash.
  const app = new Hono<Env>({ strict: false });
  app.onError(answerError);
  app.notFound(noSuchCall(instance));

  app.use(onlyLoopbackHosts);
  app.use(
    bodyLimit({ maxSize: maxBodyBytes, onError: (c) => answerError(tooLarge("A body can have 10 MB at most"), c) }),
  );
  app.get("/", pageHeaders, (c) => {
    c.header("vary", "accept");
    c.header("cache-control", "no-store");
    // Browsers ask for HTML, and nobody else does.
    if (c.req.header("accept")?.includes("text/html")) return pageFile(c, "index.html");
    return whoItIs(instance, c);
  });
  if (options.faults) {
    app.use("/faults", token);
    app.route("/faults", faultRoutes(faults, tokens));
  }

  if (options.publicApi) {
    app.use(`${publicRoot}/*`, ...watched);
    app.get(`${publicRoot}/health`, (c) => c.text("Successful operation"));
    app.post(`${publicRoot}/applications/token`, async (c) => c.json(await grantToken(instance, c)));
    app.use(`${publicRoot}/*`, token);
    app.route(publicRoot, publicApi(instance));
  } else {
    // Whatever stands in front of an old server answers for it.
    app.all("/api/public/*", (c) => c.text("404 page not found", 404));
  }

  app.use(`${ownRoot}/*`, token);
  app.route(`${ownRoot}/rows`, rows(instance));
  const sessions = new Sessions();
  app.route(`${ownRoot}/page-links`, pageLinks(instance, sessions));
  app.use("/page/*", pageHeaders);
  app.route("/page", page(instance, sessions, saveChanges(instance)));

  const config = configApi(instance, watched);
  app.route(configRoot, config);
  // Widespread guides call the same paths, and this token endpoint, at the root of the API's host.
  app.post("/oauth/token", ...watched, async (c) => c.json(await grantToken(instance, c)));
  app.route("/", config);
  return app;
}

/** Strangers learn the name alone: the rest is for those who have a token, or prove that they can read the data folder. */
async function whoItIs(instance: Instance, c: Context): Promise<Response> {
  const { prover, version, options, credentials } = instance;
  const name = "Embedded Airbyte";
  const nonce = c.req.header(NONCE_HEADER);
  const isProven = prover.isQuestion(nonce, c.req.header(PROOF_HEADER));
  if (!isProven && !(await isAdmitted(instance, c))) return c.json({ name });
  const body = JSON.stringify({
    ...{ name, version, instanceId: credentials.instanceId, pid: process.pid, options },
    simulates: [connectorsInWords[options.connectors], ...simulates],
  });
  if (isProven) c.header(PROOF_HEADER, prover.answer(nonce, body));
  return c.body(body, 200, { "content-type": "application/json" });
}

function isAdmitted(instance: Instance, c: Context): Promise<boolean> {
  return admit(instance, c).then(
    () => true,
    () => false,
  );
}

// A web page can point its own name at 127.0.0.1 (DNS rebinding); then the Host header tells.
const onlyLoopbackHosts: MiddlewareHandler = async (c, next) => {
  const host = (c.req.header("host") ?? "").replace(/:\d+$/, "").toLowerCase();
  if (!["localhost", "127.0.0.1", "[::1]"].includes(host)) {
    throw forbidden(`This server answers to localhost only, not to ${host || "a request without a Host"}`);
  }
  // And with authentication off, any page could send a form here.
  const origin = c.req.header("origin");
  if (origin !== undefined && !/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(origin)) {
    throw forbidden(`This server takes nothing from the pages of ${origin}`);
  }
  await next();
};

/**
 * A call that neither API has: Airbyte finds that nobody may make it (403), as if a right were missing, and asks for a
 * token first. What stands in front of an old server knows no such path.
 */
function noSuchCall(instance: Instance): (c: Context) => Promise<Response> {
  return async (c) => {
    const { path } = c.req;
    if (!path.startsWith(`${publicRoot}/`) && !path.startsWith(`${configRoot}/`))
      return answerError(notFound("path", path), c);
    if (!instance.options.publicApi) return c.text("Object not found.", 404);
    if (instance.options.auth === "none") return answerError(new FrameworkError(404, "Not Found", path), c);
    const refused = await admit(instance, c).catch(() => new FrameworkError(401, "Unauthorized", path));
    return answerError(refused ?? new FrameworkError(403, "Forbidden", path), c);
  };
}

/** An answer to a write is sent only after its data are on disk. */
function saveChanges({ store }: Instance): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (c.req.method !== "GET") await store.save();
  };
}

function answerError(thrown: Error, c: Context): Response {
  const error = thrown instanceof ConnectorFailure ? connectorFailed(thrown) : thrown;
  const known = error instanceof AnsweredError;
  const { status, body } = known ? error : new OpaqueError(500, error.message);
  // An opaque answer says nothing but an id: the cause has to be found in the log.
  if (!known || error instanceof OpaqueError) {
    console.error(new Date().toISOString(), c.req.method, c.req.path, status, JSON.stringify(body));
    console.error(known ? error.message : error);
  }
  const headers: Record<string, string> =
    status === 401 ? { "www-authenticate": "Bearer" } : status === 429 ? { "retry-after": "2" } : {};
  return new Response(JSON.stringify(body), { status, headers: { ...headers, "content-type": "application/json" } });
}
