import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PulumiStack } from "./stack.ts";
import type { Place, Workbench } from "./workbench.ts";

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
