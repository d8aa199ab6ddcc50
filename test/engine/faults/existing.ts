import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createEmbeddedServer, type EmbeddedServer } from "../../../embedded/server.ts";
import { byHandAt, type Reached } from "../by-hand.ts";
import { Project, type ProjectOptions } from "../project.ts";
import { Faulty, giveSecrets, type Declared } from "./faults.ts";

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
