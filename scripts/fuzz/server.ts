import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadCredentials } from "../../embedded/credentials.ts";
import { causeIn } from "./judge.ts";

const main = fileURLToPath(new URL("../../embedded/main.ts", import.meta.url));
const longestLog = 4_000_000;

/** An embedded Airbyte in a process of its own, so that one that ends or hangs takes nothing along. */
export class FuzzedServer {
  readonly url: string;
  readonly token: string;
  readonly #child: ChildProcess;
  readonly #log: () => string;

  private constructor(url: string, token: string, child: ChildProcess, log: () => string) {
    this.url = url;
    this.token = token;
    this.#child = child;
    this.#log = log;
  }

  static async start(dataDir: string): Promise<FuzzedServer> {
    const args = [main, "--data", dataDir, "--port", "0", "--connectors", "simulated", "--token-ttl-seconds", "3600"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-longestLog)));
    const url = await new Promise<string>((resolve, reject) => {
      child.once("exit", () => {
        reject(new Error(`The embedded Airbyte doesn't start: ${log}`));
      });
      createInterface(child.stdout).on("line", (line) => {
        const [, found] = / listens on (\S+)$/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    return new FuzzedServer(url, await tokenOf(url, dataDir), child, () => log);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What the log says of an answer that shows an id alone. The two arrive by different ways. */
  async causeOf(errorId: string): Promise<string | undefined> {
    for (let tries = 0; tries < 40; tries++) {
      const cause = causeIn(this.#log(), errorId);
      if (cause !== undefined) return cause;
      await delay(25);
    }
    return undefined;
  }

  /** One call with the token; throws where it gets no answer, or another one than JSON. */
  async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Ends it as a user does. Resolves with whether it ended well. */
  async close(): Promise<boolean> {
    if (this.hasEnded) return false;
    const ended = new Promise<boolean>((resolve) => this.#child.once("exit", (code) => resolve(code === 0)));
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    return ended.finally(() => clearTimeout(timer));
  }
}

async function tokenOf(url: string, dataDir: string): Promise<string> {
  const { clientId, clientSecret } = loadCredentials(dataDir);
  const response = await fetch(`${url}/api/public/v1/applications/token`, {
    method: "POST",
    body: JSON.stringify({ client_id: clientId, client_secret: clientSecret }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
