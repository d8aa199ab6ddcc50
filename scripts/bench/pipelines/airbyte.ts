import { ensureRunning, remove } from "../../../embedded/index.ts";
import { ask } from "../http.ts";

/** What the API was asked. Tokens are told apart: they are no calls of the resources. */
export interface Usage {
  /** By kind, such as `GET /sources/:sourceId`. */
  calls: Record<string, number>;
  tokens: number;
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
