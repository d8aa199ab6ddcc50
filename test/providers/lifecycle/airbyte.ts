import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { EmbeddedOptions } from "../../../embedded/index.ts";
import { createEmbeddedServer } from "../../../embedded/server.ts";
import { configApiRoot, publicApiRoot } from "../../../providers/airbyte/api/address.ts";
import { Client } from "../../../providers/airbyte/api/client.ts";
import type { AirbyteApi } from "../../../providers/airbyte/api/airbyte-api.ts";
import { ConfigApi } from "../../../providers/airbyte/api/config.ts";
import { PublicApi } from "../../../providers/airbyte/api/public.ts";
import type { Json } from "../../../providers/airbyte/api/types.ts";
import type { ActorInputs } from "../../../providers/airbyte/kinds/actor/view.ts";
import { Discovery, Reads } from "../../../providers/airbyte/lifecycle/reads.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { Connectors } from "../../../providers/airbyte/specification/connectors.ts";
import { Intents } from "../../../providers/airbyte/lifecycle/intents.ts";

export const FAKER = "dfd88b22-b603-4c3d-aad7-3701784586b1";
export const POSTGRES = "25c5221d-dce2-4163-ade9-739ef790f503";
export const GOOGLE_SHEETS = "71607ba1-c0ac-4799-8049-7f4b90dd50f7";

/** An embedded Airbyte on a real socket, and everything that a handler needs to work with it. */
export async function startAirbyte(options: EmbeddedOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "airbyte-"));
  const dataDir = join(folder, "embedded");
  const server = await createEmbeddedServer({ dataDir, faults: true, jobMs: 20, ...options });
  const { clientId, clientSecret, workspaceId } = server;
  const root = publicApiRoot(server.url);
  const told: string[] = [];
  const tell = (line: string) => told.push(line);
  const client = new Client({ root, configRoot: configApiRoot(root), clientId, clientSecret, tell });
  const lines: string[] = [];
  const journal = join(folder, "intents.jsonl");
  const api: AirbyteApi = process.env.AIRBYTE_API === "config" ? new ConfigApi(client) : new PublicApi(client);
  const newContext = (): Context => ({
    api,
    connectors: new Connectors(api),
    discovery: new Discovery(api),
    reads: new Reads(api),
    intents: new Intents(journal),
    log: (line) => lines.push(line),
    progress: (line) => lines.push(line),
  });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });

  const token = await fetchToken(server.url, clientId, clientSecret);
  /** A call by somebody else: the UI, a colleague, a script. */
  const byHand = async (method: string, path: string, body?: unknown): Promise<Record<string, Json>> => {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, Json>);
  };

  const common = { airbyteUrl: server.url, workspaceId };
  return {
    api,
    context: newContext(),
    /** What the next run of the program would work with: the same journal, read anew. */
    newContext,
    lines,
    /** What the client itself shows. */
    told,
    workspaceId,
    byHand,
    /** The inputs of any other object in the workspace. */
    object: <T extends object>(name: string, settings: T) => ({
      ...common,
      declaredAs: `dev/${name}`,
      name,
      ...settings,
    }),
    fault: (fault: unknown) => byHand("POST", "/faults", fault),
    source: (over: Partial<ActorInputs> = {}): ActorInputs => ({
      ...common,
      declaredAs: "dev/users",
      name: "users",
      definitionId: FAKER,
      configuration: { count: 10 },
      ...over,
    }),
    destination: (over: Partial<ActorInputs> = {}): ActorInputs => ({
      ...common,
      declaredAs: "dev/warehouse",
      name: "warehouse",
      definitionId: POSTGRES,
      configuration: {
        host: "db",
        port: 5432,
        database: "d",
        schema: "public",
        username: "u",
        password: "top-secret-1",
      },
      ...over,
    }),
    connection: (sourceId: string, destinationId: string, over: Partial<ConnectionInputs> = {}): ConnectionInputs => ({
      ...common,
      declaredAs: "dev/users-to-warehouse",
      name: "users-to-warehouse",
      sourceId,
      destinationId,
      ...over,
    }),
  };
}

export type Airbyte = Awaited<ReturnType<typeof startAirbyte>>;

/** The embedded Airbyte's only user, and its only organization. */
export async function firstUser({ byHand }: Airbyte) {
  const [organization] = (await byHand("GET", "/api/public/v1/organizations")).data as { organizationId: string }[];
  const { organizationId } = organization!;
  const users = await byHand("GET", `/api/public/v1/users?organizationId=${organizationId}`);
  const [user] = users.data as { id: string; email: string }[];
  return { ...user!, organizationId };
}

async function fetchToken(url: string, clientId: string, clientSecret: string): Promise<string> {
  const response = await fetch(`${url}/api/public/v1/applications/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: clientId, client_secret: clientSecret }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
