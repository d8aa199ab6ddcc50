// A project as a user has it, and the Airbyte that its stacks live in.
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureRunning, remove } from "../../embedded/index.ts";
import { ask } from "../program.ts";
import { PulumiStack } from "./stack.ts";
import type { Place, Usage, Workbench } from "./workbench.ts";

const checkout = join(import.meta.dirname, "../..");

/** A project as a user has it, with the code of this checkout, and stacks whose Airbyte exists already. */
export async function onAirbyte<T>(place: Place, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const airbyte = await startAirbyte(join(place.folder, "airbyte"), place.latencyMs);
  try {
    const dir = join(place.folder, "project");
    copyCode(dir);
    const stacks: PulumiStack[] = [];
    for (const name of place.names) stacks.push(await stackOf(dir, name, place.env, airbyte));
    return await work({
      stacks,
      declare: (...declaration) => {
        writeFileSync(join(dir, "pipelines.yaml"), declarationOf(...declaration));
      },
      usage: airbyte.usage,
    });
  } finally {
    await airbyte.stop();
  }
}

async function stackOf(dir: string, name: string, env: NodeJS.ProcessEnv, airbyte: BenchAirbyte): Promise<PulumiStack> {
  const stack = await PulumiStack.create(dir, name, env);
  const plain = { target: "existing", url: airbyte.url, clientId: airbyte.clientId };
  const settings = Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  await stack.run(["config", "set-all", ...settings]);
  await stack.run(["config", "set", "--secret", "clientSecret"], airbyte.clientSecret);
  await stack.run(["config", "set", "--secret", secretName], "not-for-you");
  return stack;
}

const folders = [
  ...["credentials", "declaration", "embedded", "errors", "infra", "providers", "scripts", "settings", "specification"],
  "node_modules",
];

function copyCode(dir: string): void {
  mkdirSync(join(dir, ".pulumi-state"), { recursive: true });
  for (const file of ["Pulumi.yaml", "package.json", "main.mjs"]) cpSync(join(checkout, file), join(dir, file));
  for (const name of ["index.ts", ...folders]) {
    symlinkSync(join(checkout, name), join(dir, name));
  }
}

/** The name of the one secret, which is part of every destination. */
export const secretName = "warehousePassword";

/** A pipelines.yaml with so many sources, destinations and connections; `hour` is when the first connection syncs. */
export function declarationOf(pipelines: number, hour = 3): string {
  const numbers = Array.from({ length: pipelines }, (_, index) => index + 1);
  const each = numbers.map((n) => `{ n: ${n} }`).join(", ");
  const timed = numbers.map((n) => `{ n: ${n}, hour: ${n === 1 ? hour : 3} }`).join(", ");
  return `sources:
  "source-\${each.n}":
    forEach: [${each}]
    connector: faker
    configuration: { count: 1000, seed: "\${each.n}" }
destinations:
  "destination-\${each.n}":
    forEach: [${each}]
    connector: postgres
    configuration:
      host: warehouse.example.com
      port: 5432
      database: "analytics_\${each.n}"
      schema: public
      username: airbyte
      password: "\${secret:${secretName}}"
connections:
  "connection-\${each.n}":
    forEach: [${timed}]
    source: "source-\${each.n}"
    destination: "destination-\${each.n}"
    schedule: { cron: "0 0 \${each.hour} * * ?" }
    streams: [{ name: users, syncMode: incremental_append }, { name: purchases, syncMode: full_refresh_overwrite }]
`;
}

export interface BenchAirbyte {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Of its one workspace. */
  workspaceId: () => Promise<string>;
  /** What was asked since this was last called, or since the start. */
  usage: () => Promise<Usage>;
  stop: () => Promise<void>;
}

const tokenPath = "/applications/token";

/** A server of its own that keeps nothing on disk, so that only the API's latency counts, and that tells what it was asked. */
export async function startAirbyte(dataDir: string, latencyMs: number): Promise<BenchAirbyte> {
  const server = await ensureRunning(dataDir, { persist: false, faults: true, connectors: "simulated" });
  const stop = () => remove(dataDir);
  try {
    const control = new Control(server);
    await control.setLatency(latencyMs);
    let before = await control.counted();
    const usage = async () => {
      const now = await control.counted();
      const since = difference(before, now);
      before = now;
      return since;
    };
    const { url, clientId, clientSecret } = server;
    return { url, clientId, clientSecret, workspaceId: () => control.workspaceId(), usage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function difference(before: Usage, now: Usage): Usage {
  const calls = Object.entries(now.calls).map(([call, count]) => [call, count - (before.calls[call] ?? 0)] as const);
  return { calls: Object.fromEntries(calls.filter(([, count]) => count > 0)), tokens: now.tokens - before.tokens };
}

/** The benchmark's own access to the server. Tokens live for minutes and an `up` may take longer: each call has a new one. */
class Control {
  readonly #server: Pick<BenchAirbyte, "url" | "clientId" | "clientSecret">;
  #ownTokens = 0;

  constructor(server: Pick<BenchAirbyte, "url" | "clientId" | "clientSecret">) {
    this.#server = server;
  }

  async setLatency(latencyMs: number): Promise<void> {
    const bearer = await this.#token();
    await ask(`${this.#server.url}/faults`, { latencyMs }, bearer);
  }

  /** All that others have asked since the start. */
  async counted(): Promise<Usage> {
    const bearer = await this.#token();
    const counts = await ask<{ calls: Usage["calls"]; tokensIssued: number }>(
      `${this.#server.url}/faults`,
      undefined,
      bearer,
    );
    const calls = Object.entries(counts.calls).filter(([call]) => call !== `POST ${tokenPath}`);
    return { calls: Object.fromEntries(calls), tokens: counts.tokensIssued - this.#ownTokens };
  }

  async workspaceId(): Promise<string> {
    const list = `${this.#server.url}/api/public/v1/workspaces`;
    const { data } = await ask<{ data: { workspaceId: string }[] }>(list, undefined, await this.#token());
    return data[0]?.workspaceId ?? "";
  }

  async #token(): Promise<string> {
    const { url, clientId, clientSecret } = this.#server;
    const credentials = { client_id: clientId, client_secret: clientSecret };
    const { access_token } = await ask<{ access_token: string }>(`${url}/api/public/v1${tokenPath}`, credentials);
    this.#ownTokens += 1;
    return access_token;
  }
}
