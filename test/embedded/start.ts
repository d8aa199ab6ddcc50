import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions } from "../../embedded/server.ts";

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */

// The tests look at answers of many shapes; what they expect of them is in the assertions.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = { status: number; headers: Headers; body: any };

export interface Running extends EmbeddedServer {
  dataDir: string;
  /** `http://127.0.0.1:PORT/api/public/v1` */
  api: string;
  token: string;
  /** One call with the token; a body makes it JSON. */
  call: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** One POST to the config API with the token. */
  config: (path: string, body?: object) => Promise<Answer>;
}

export const faker = "dfd88b22-b603-4c3d-aad7-3701784586b1";
export const postgres = "25c5221d-dce2-4163-ade9-739ef790f503";
export const mask = "**********";
export const unknownId = "00000000-0000-4000-8000-000000000000";

export const postgresConfiguration = {
  destinationType: "postgres",
  host: "db.example.com",
  port: 5432,
  database: "analytics",
  schema: "public",
  username: "loader",
  password: "s3cret-password",
};

/** A folder of its own, gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "embedded-airbyte-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A server on a free port, closed when the test is over. */
export async function start(options: Partial<EmbeddedServerOptions> = {}): Promise<Running> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const server = await createEmbeddedServer({ jobMs: 30, ...options, dataDir });
  onTestFinished(() => server.close());
  const api = `${server.url}/api/public/v1`;
  const { access_token: token } = await getToken(server, options.publicApi === false ? "/api/v1" : undefined);
  const call = (method: string, path: string, body?: unknown) => send(method, `${api}${path}`, token, body);
  const config = (path: string, body: object = {}) => send("POST", `${server.url}/api/v1/${path}`, token, body);
  return { ...server, dataDir, api, token, call, config };
}

export async function send(method: string, url: string, token: string | null, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export async function getToken({ url, clientId, clientSecret }: EmbeddedServer, api = "/api/public/v1") {
  const response = await fetch(`${url}${api}/applications/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: clientId, client_secret: clientSecret, "grant-type": "client_credentials" }),
  });
  return (await response.json()) as { access_token: string; token_type: string; expires_in: number };
}

export async function createSource(
  { call, workspaceId }: Pick<Running, "call" | "workspaceId">,
  configuration: object = { sourceType: "faker" },
) {
  const { body } = await call("POST", "/sources", { name: "Sample", workspaceId, configuration });
  return body as { sourceId: string };
}

export async function createDestination({ call, workspaceId }: Pick<Running, "call" | "workspaceId">) {
  const given = { name: "Warehouse", workspaceId, configuration: postgresConfiguration };
  const { body } = await call("POST", "/destinations", given);
  return body as { destinationId: string };
}

/** A server with a source and a destination, to be connected by `create`. */
export async function startWithEnds() {
  const server = await start();
  const { sourceId } = await createSource(server);
  const { destinationId } = await createDestination(server);
  const create = (settings: object) => server.call("POST", "/connections", { sourceId, destinationId, ...settings });
  return { ...server, sourceId, destinationId, create };
}

/** A source, a destination and a connection between them. */
export async function createPipeline(server: Running, settings: object = {}) {
  const { sourceId } = await createSource(server);
  const { destinationId } = await createDestination(server);
  const { body } = await server.call("POST", "/connections", { sourceId, destinationId, ...settings });
  return { sourceId, destinationId, connectionId: (body as { connectionId: string }).connectionId };
}

/** Asks for the job until it has ended. */
export async function jobEnd({ call }: Running, jobId: number): Promise<Answer["body"]> {
  for (;;) {
    const { body } = await call("GET", `/jobs/${jobId}`);
    if (!["pending", "running"].includes(body.status as string)) return body;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A destination's configuration with its secrets in plain: the data file is the only place that shows it. */
export function stored(dataDir: string, id: string) {
  const data = JSON.parse(readFileSync(join(dataDir, "data.json"), "utf8")) as {
    destinations: { id: string; configuration: Record<string, unknown> }[];
  };
  return data.destinations.find((destination) => destination.id === id)?.configuration;
}
