// What is measured: pipelines in an Airbyte, by this project or by Terraform, or as many resources of which each only waits.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Usage } from "./airbyte.ts";
import { onAirbyte } from "./airbyte-project.ts";
import { onFloor } from "./floor-project.ts";
import type { Stack } from "./stack.ts";
import { onTerraform } from "./terraform-project.ts";

/**
 * `fast` is the setting of that name; `floor` is what Pulumi itself takes for as many resources, `fast-floor` the same in the fast
 * mode; `terraform` is Terraform with Airbyte's official provider.
 */
export const modes = ["default", "fast", "floor", "fast-floor", "terraform"] as const;
export type Mode = (typeof modes)[number];

/** What is measured once. */
export interface Case {
  mode: Mode;
  /** In each stack. */
  pipelines: number;
  stacks: number;
  /** How long every answer of the API takes, beside its own time. */
  latencyMs: number;
}

export interface Workbench {
  /** All of one project. */
  stacks: Stack[];
  /** What the next run of each stack finds declared; `hour` is when the first connection syncs. */
  declare: (pipelines: number, hour?: number) => void;
  /** What the API was asked since this was last called. */
  usage: () => Promise<Usage>;
}

/** A project and an Airbyte of its own for each run: the state's history and the journal start empty. */
export async function withWorkbench<T>(one: Case, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const fast = one.mode.startsWith("fast");
  // What `fast: true` makes of `npm start`.
  const env: NodeJS.ProcessEnv = fast ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {};
  const names = Array.from({ length: one.stacks }, (_, index) => `domain-${index + 1}`);
  const open = one.mode === "terraform" ? onTerraform : one.mode.endsWith("floor") ? onFloor : onAirbyte;
  try {
    return await open({ folder, names, latencyMs: one.latencyMs, env }, work);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
