import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAirbyte, type BenchAirbyte } from "./projects.ts";
import { runToEnd, type Operation, type Stack } from "./stack.ts";
import type { Place, Workbench } from "./workbench.ts";

const terraform = process.env.TERRAFORM ?? "terraform";
const plain = ["-input=false", "-no-color"];
const commands: Record<Operation, string[]> = {
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
    return runToEnd(terraform, commands[operation], { cwd: this.#dir, env: this.#env, watch });
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
