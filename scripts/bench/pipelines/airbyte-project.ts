import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAirbyte, type BenchAirbyte } from "./airbyte.ts";
import { declarationOf, secretName } from "./declaration.ts";
import { PulumiStack } from "./stack.ts";
import type { Workbench } from "./workbench.ts";

const checkout = join(import.meta.dirname, "../../..");

/** Where and how a project is set up. */
export interface Place {
  folder: string;
  /** Of its stacks. */
  names: string[];
  latencyMs: number;
  /** Of pulumi, beside the usual. */
  env: NodeJS.ProcessEnv;
}

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
