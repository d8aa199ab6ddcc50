import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { hasData } from "../../embedded/index.ts";
import { createEmbeddedServer, type EmbeddedServer } from "../../embedded/server.ts";
import { serverCertificate, serverKeyPem } from "../../credentials/certificates.ts";
import { apiCredentials, tlsKeys } from "../../credentials/credentials.ts";
import { presetCredentials } from "./airbyte-with.ts";

/** An Airbyte that takes these credentials. */
export async function airbyteWith(
  dataDir: string,
  credentials: { clientId: string; clientSecret: string },
  options: { port?: number; publicApi?: boolean },
): Promise<EmbeddedServer> {
  if (!hasData(dataDir)) presetCredentials(dataDir, credentials);
  const server = await patiently(() => createEmbeddedServer({ dataDir, connectors: "simulated", ...options }));
  onTestFinished(() => server.close());
  return server;
}

/** Where the port is not of one's choice, another run of the tests may have it for a while. */
async function patiently<T>(start: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 300_000; ; await delay(500)) {
    try {
      return await start();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > deadline) throw error;
    }
  }
}

/** The Airbyte of a stack that sets it up, behind what stands in for its gateway. */
export async function ownAirbyte(
  dataDir: string,
  rootSecret: string,
  { host, port }: { host: string; port: number },
): Promise<EmbeddedServer> {
  const server = await airbyteWith(dataDir, apiCredentials(rootSecret, 1), {});
  const keys = tlsKeys(rootSecret, 1);
  const certificate = { cert: await serverCertificate(keys, [host]), key: serverKeyPem(keys) };
  const gateway = createTlsServer(certificate, (incoming, answer) => {
    const { method, url, headers } = incoming;
    const options = {
      port: server.port,
      host: "127.0.0.1",
      method,
      path: url,
      headers: { ...headers, host: "localhost" },
    };
    const outgoing = request(options, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    incoming.pipe(outgoing);
  }).listen(port, host);
  await once(gateway, "listening");
  onTestFinished(() => {
    gateway.close();
    gateway.closeAllConnections();
  });
  return server;
}

/** What is in a stopped Airbyte beside what it had at first; jobs are history, and stay. */
export function leftIn(dataDir: string): string[] {
  // Actors and connections stay in Airbyte's database, marked as deleted.
  type Row = { name: string; deleted?: boolean; status?: string };
  const data = JSON.parse(readFileSync(join(dataDir, "data.json"), "utf8")) as Record<string, Row[]>;
  const first = ["organizations", "users", "jobs", "Default Workspace", "Default Application"];
  return Object.entries(data)
    .flatMap(([kind, rows]) => rows.map((row) => ({ ...row, kind })))
    .filter(({ kind, name, deleted, status }) => {
      return !deleted && status !== "deprecated" && !first.includes(kind) && !first.includes(name);
    })
    .map(({ kind, name }) => `${kind}: ${name}`);
}
