import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./api/app.ts";
import type { Instance } from "./api/requests.ts";
import { realDestinations } from "./connectors/destinations.ts";
import { Programs } from "./connectors/programs.ts";
import { pythonEnvironment, pythonsOnPath } from "./connectors/python/environments.ts";
import { WriterPool } from "./connectors/python/writers.ts";
import { Registry } from "./connectors/registry.ts";
import { loadCredentials, loadSigningKey, Tokens, type Credentials } from "./credentials.ts";
import { Faults } from "./faults.ts";
import { localFolder, openDataFolder, writersFolder } from "./folders.ts";
import { defaultOptions, withGiven, type GivenOptions } from "./options.ts";
import { Discovery } from "./platform/platform.ts";
import { createWorkspace } from "./platform/workspaces.ts";
import { projectVersion, Prover } from "./probe.ts";
import { Store } from "./store.ts";
import { Jobs, Scheduler } from "./syncs/jobs.ts";

type Listener = ReturnType<typeof getRequestListener>;

export interface EmbeddedServerOptions extends GivenOptions {
  dataDir: string;
  /** Default 0: any free one. */
  port?: number;
  /** How long a simulated job takes. Default 1000. */
  jobMs?: number;
}

export interface EmbeddedServer extends Credentials {
  /** `http://127.0.0.1:PORT`; the public API is under `/api/public/v1`, the config API under `/api/v1`. */
  url: string;
  port: number;
  /** The workspace that was made at the first start. */
  workspaceId: string;
  /** Ends the server; its data are on disk afterwards. */
  close(): Promise<void>;
}

/**
 * Starts an embedded Airbyte in this process.
 *
 * The port is taken before the data are opened: it is the lock that keeps a second server off the same data folder.
 */
export async function createEmbeddedServer(given: EmbeddedServerOptions): Promise<EmbeddedServer> {
  let serve!: (listener: Listener) => void;
  const ready = new Promise<Listener>((resolve) => (serve = resolve));
  const server = createServer((request, response) => {
    void ready.then((listener) => listener(request, response));
  });
  const port = await listen(server, given.port ?? 0);
  try {
    const instance = await openInstance(given, `http://127.0.0.1:${port}`);
    const { store, jobs, url, credentials, programs, writers } = instance;
    const scheduler = new Scheduler(instance);
    serve(getRequestListener(createApp(instance).fetch));
    const [workspace] = store.workspaces.all();
    return {
      ...credentials,
      url,
      port,
      workspaceId: workspace?.id ?? "",
      async close() {
        scheduler.close();
        await jobs.close();
        await Promise.all([programs.close(), writers.close()]);
        // Before the port is free: the next server on this folder has to find everything.
        await store.save();
        await shut(server);
        await store.save();
      },
    };
  } catch (error) {
    await shut(server);
    throw error;
  }
}

/** All of a server but the port. */
export async function openInstance({ jobMs = 1000, ...given }: EmbeddedServerOptions, url: string): Promise<Instance> {
  // Connectors and writers are processes that work in folders of their own.
  const dataDir = resolve(given.dataDir);
  openDataFolder(dataDir, log);
  const options = withGiven(defaultOptions, given);
  const credentials = loadCredentials(dataDir);
  const signingKey = loadSigningKey(dataDir);
  const store = Store.inFolder(dataDir, options.persist);
  await store.load();
  const faults = new Faults(jobMs);
  const programs = new Programs(join(dataDir, "programs"), (name) => pythonEnvironment(name, log));
  const writers = new WriterPool(
    () => pythonEnvironment("pyairbyte", log),
    writersFolder(dataDir),
    localFolder(dataDir),
  );
  const instance: Instance = {
    url,
    version: projectVersion(),
    credentials,
    options,
    store,
    faults,
    tokens: new Tokens({
      key: signingKey,
      issuer: credentials.instanceId,
      ttlSeconds: options.tokenTtlSeconds,
    }),
    prover: new Prover(signingKey, Number(new URL(url).port)),
    registry: new Registry({
      custom: store.definitions,
      mode: options.connectors,
      programs,
      localFolder: localFolder(dataDir),
      destinations: realDestinations(writers, localFolder(dataDir)),
      pythons: options.connectors === "simulated" ? [] : await pythonsOnPath(),
      log,
    }),
    programs,
    writers,
    discovery: new Discovery(faults),
    jobs: new Jobs(() => instance, options.persist ? join(dataDir, "job-logs") : null),
  };
  furnish(instance);
  instance.jobs.failInterrupted();
  await store.save();
  return instance;
}

function log(line: string): void {
  console.log(new Date().toISOString(), line);
}

/** What a fresh Airbyte has after its first start; and the application of the credentials file, always. */
function furnish({ store, credentials: { clientId, clientSecret } }: Instance): void {
  if (store.organizations.all().length === 0) {
    store.organizations.put({ id: randomUUID(), name: "Default Organization", email: "admin@example.com" });
    store.users.put({ id: randomUUID(), name: "Default User", email: "admin@example.com" });
    createWorkspace({ store }, { name: "Default Workspace" });
  }
  // After credentials.json was deleted, the old pair must not be good any longer.
  const kept = store.applications.all().find(({ own }) => own);
  if (kept?.clientId === clientId && kept.clientSecret === clientSecret) return;
  store.applications.put({
    id: kept?.id ?? randomUUID(),
    name: "Default Application",
    clientId,
    clientSecret,
    createdAt: Date.now(),
    own: true,
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    // Requests under way get a moment for their answer; idle connections none.
    setTimeout(() => {
      server.closeAllConnections();
    }, 500).unref();
    server.closeIdleConnections();
  });
}
