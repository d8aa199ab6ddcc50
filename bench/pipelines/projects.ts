// The projects that are measured: as a user has it, with the Airbyte that its stacks live in; the floor; and Terraform's.
import { cpSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureRunning, remove } from "../../embedded/index.ts";
import { codeIn } from "../../scripts/commands/check.ts";
import { ask } from "../program.ts";
import { PulumiStack, runToEnd, type Operation, type Place, type Stack, type Usage, type Workbench } from "./stack.ts";

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

function copyCode(dir: string): void {
  mkdirSync(join(dir, ".pulumi-state"), { recursive: true });
  for (const file of ["Pulumi.yaml", "package.json", "main.mjs"]) cpSync(join(checkout, file), join(dir, file));
  for (const name of [...codeIn(checkout), "node_modules"]) symlinkSync(join(checkout, name), join(dir, name));
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

interface BenchAirbyte {
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
async function startAirbyte(dataDir: string, latencyMs: number): Promise<BenchAirbyte> {
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

const projectFile = `name: airbyte-on-pulumi
main: main.mjs
runtime: { name: nodejs, options: { typescript: false } }
backend: { url: "file://./.pulumi-state?metadata=skip" }
`;

/** As many resources as the pipelines are, alike in inputs and dependencies, whose provider only waits: what Pulumi itself takes. */
export async function onFloor<T>(place: Place, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const dir = join(place.folder, "project");
  mkdirSync(join(dir, ".pulumi-state"), { recursive: true });
  for (const file of ["main.mjs", "provider.cjs"]) cpSync(join(import.meta.dirname, "floor", file), join(dir, file));
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(dir, "node_modules"));
  writeFileSync(join(dir, "package.json"), "{}\n");
  writeFileSync(join(dir, "Pulumi.yaml"), projectFile);

  const env = { ...place.env, FLOOR_LATENCY_MS: String(place.latencyMs) };
  const stacks: PulumiStack[] = [];
  for (const name of place.names) stacks.push(await PulumiStack.create(dir, name, env));
  return work({
    stacks,
    declare: (pipelines, hour = 3) => {
      writeFileSync(join(dir, "declared.json"), JSON.stringify({ pipelines, hour }));
    },
    usage: () => Promise.resolve({ calls: {}, tokens: 0 }),
  });
}

const terraform = process.env.TERRAFORM ?? "terraform";
const plain = ["-input=false", "-no-color"];
const terraformCommands: Record<Operation, string[]> = {
  up: ["apply", "-auto-approve", ...plain],
  preview: ["plan", ...plain],
  "up, no change": ["apply", "-auto-approve", ...plain],
  "up, one change": ["apply", "-auto-approve", ...plain],
  refresh: ["apply", "-refresh-only", "-auto-approve", ...plain],
  destroy: ["destroy", "-auto-approve", ...plain],
};

/** The same pipelines by Airbyte's official provider for Terraform, each stack in a folder of its own. */
export async function onTerraform<T>(place: Place, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const airbyte = await startAirbyte(join(place.folder, "airbyte"), place.latencyMs);
  try {
    const env = { ...process.env, TF_VAR_client_secret: airbyte.clientSecret, TF_VAR_password: "not-for-you" };
    const stacks = place.names.map((name) => new TerraformStack(join(place.folder, name), env));
    const workspaceId = await airbyte.workspaceId();
    const declare = (pipelines: number, hour = 3) => {
      for (const stack of stacks) stack.write(providerOf(airbyte) + resourcesOf(pipelines, hour, workspaceId));
    };
    declare(1);
    for (const stack of stacks) await stack.init();
    return await work({ stacks, declare, usage: airbyte.usage });
  } finally {
    await airbyte.stop();
  }
}

class TerraformStack implements Stack {
  readonly #dir: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(dir: string, env: NodeJS.ProcessEnv) {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
    this.#env = env;
  }

  get stateBytes(): number {
    const file = join(this.#dir, "terraform.tfstate");
    return existsSync(file) ? statSync(file).size : 0;
  }

  write(declaration: string): void {
    writeFileSync(join(this.#dir, "main.tf"), declaration);
  }

  /** A configuration file of one's own names the provider (dev_overrides), and then there is nothing to fetch. */
  async init(): Promise<void> {
    if (this.#env.TF_CLI_CONFIG_FILE) return;
    await runToEnd(terraform, ["init", ...plain], { cwd: this.#dir, env: this.#env });
  }

  perform(operation: Operation, watch?: (pid: number) => void): Promise<void> {
    return runToEnd(terraform, terraformCommands[operation], { cwd: this.#dir, env: this.#env, watch });
  }
}

function providerOf({ url, clientId }: BenchAirbyte): string {
  return `terraform {
  required_providers {
    airbyte = { source = "airbytehq/airbyte" }
  }
}
variable "client_secret" { sensitive = true }
variable "password" { sensitive = true }
provider "airbyte" {
  server_url    = "${url}/api/public/v1"
  token_url     = "${url}/api/public/v1/applications/token"
  client_id     = "${clientId}"
  client_secret = var.client_secret
}
`;
}

/** What `declarationOf` declares, in Terraform's words. */
function resourcesOf(pipelines: number, hour: number, workspaceId: string): string {
  return `locals { numbers = toset([for n in range(1, ${pipelines + 1}) : tostring(n)]) }
resource "airbyte_source" "source" {
  for_each      = local.numbers
  name          = "source-\${each.key}"
  workspace_id  = "${workspaceId}"
  definition_id = "dfd88b22-b603-4c3d-aad7-3701784586b1"
  configuration = jsonencode({ count = 1000, seed = tonumber(each.key) })
}
resource "airbyte_destination" "destination" {
  for_each      = local.numbers
  name          = "destination-\${each.key}"
  workspace_id  = "${workspaceId}"
  definition_id = "25c5221d-dce2-4163-ade9-739ef790f503"
  configuration = jsonencode({
    host = "warehouse.example.com", port = 5432, database = "analytics_\${each.key}"
    schema = "public", username = "airbyte", password = var.password
  })
}
resource "airbyte_connection" "connection" {
  for_each       = local.numbers
  name           = "connection-\${each.key}"
  source_id      = airbyte_source.source[each.key].source_id
  destination_id = airbyte_destination.destination[each.key].destination_id
  schedule = {
    schedule_type   = "cron"
    cron_expression = each.key == "1" ? "0 0 ${hour} * * ? UTC" : "0 0 3 * * ? UTC"
  }
  configurations = {
    streams = [
      { name = "users", sync_mode = "incremental_append" },
      { name = "purchases", sync_mode = "full_refresh_overwrite" },
    ]
  }
}
`;
}
