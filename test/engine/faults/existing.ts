import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createEmbeddedServer, type EmbeddedServer } from "../../../embedded/server.ts";
import { Project, type ProjectOptions } from "../project.ts";
import { Faulty, giveSecrets, type ByHand, type Declared } from "./faults.ts";

interface Options extends Pick<ProjectOptions, "afterwards"> {
  tokenTtlSeconds?: number;
}

/** An Airbyte that is not the stack's own: it outlives a destroy, and nothing but the test starts or stops it. */
export class ExistingAirbyte {
  readonly #dataDir = mkdtempSync(join(tmpdir(), "airbyte-"));
  readonly #tokenTtlSeconds: number | undefined;
  #server!: EmbeddedServer;
  #open = false;

  private constructor(tokenTtlSeconds?: number) {
    this.#tokenTtlSeconds = tokenTtlSeconds;
  }

  static async start({ tokenTtlSeconds, afterwards = onTestFinished }: Options = {}): Promise<ExistingAirbyte> {
    const airbyte = new ExistingAirbyte(tokenTtlSeconds);
    await airbyte.start();
    afterwards(() => airbyte.stop());
    return airbyte;
  }

  get about(): EmbeddedServer {
    return this.#server;
  }

  /** Again with the same data, at the same address. */
  async start(): Promise<void> {
    const tokenTtlSeconds = this.#tokenTtlSeconds;
    const port = (this.#server as EmbeddedServer | undefined)?.port ?? 0;
    this.#server = await createEmbeddedServer({ dataDir: this.#dataDir, faults: true, port, tokenTtlSeconds });
    this.#open = true;
  }

  async stop(): Promise<void> {
    if (this.#open) await this.#server.close();
    this.#open = false;
  }
}

/** A project with the target `existing`. */
export async function onExisting(
  about: Reached,
  declared?: Declared,
  options: Pick<ProjectOptions, "afterwards"> = {},
): Promise<Faulty> {
  const project = await Project.create({ connectors: null, ...options });
  const { url, clientId, clientSecret } = about;
  const settings = { target: "existing", url, clientId };
  const lines = Object.entries(settings).map(([key, value]) => `  airbyte-on-pulumi:${key}: ${value}\n`);
  project.edit("Pulumi.dev.yaml", /^ {2}airbyte-on-pulumi:target: embedded\n/m, lines.join(""));
  await giveSecrets(project);
  await project.setSecret("clientSecret", clientSecret);
  const faulty = new Faulty(project, byHandAt(about), declared);
  faulty.secrets = [clientSecret];
  return faulty;
}

/** How a server is reached. */
export interface Reached {
  url: string;
  clientId: string;
  clientSecret: string;
}

/** Calls with a token of their own each time: the tokens of the test are none of what is tested. */
export function byHandAt({ url, clientId, clientSecret }: Reached): ByHand {
  return async <T>(method: string, path: string, body?: unknown) => {
    const json = { "content-type": "application/json" };
    const credentials = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
    // `/oauth/token` is left alone by faults for the path that the provider asks.
    const answer = await fetch(`${url}/oauth/token`, { method: "POST", headers: json, body: credentials });
    const { access_token } = (await answer.json()) as { access_token: string };
    const response = await fetch(url + path, {
      method,
      headers: { ...json, authorization: `Bearer ${access_token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as T;
  };
}
