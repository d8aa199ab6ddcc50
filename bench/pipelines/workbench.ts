// What is measured: pipelines in an Airbyte, by this project or by Terraform, or as many resources of which each only waits.

import type { Stack } from "./stack.ts";

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

/** What the API was asked. Tokens are told apart: they are no calls of the resources. */
export interface Usage {
  /** By kind, such as `GET /sources/:sourceId`. */
  calls: Record<string, number>;
  tokens: number;
}

export interface Workbench {
  /** All of one project. */
  stacks: Stack[];
  /** What the next run of each stack finds declared; `hour` is when the first connection syncs. */
  declare: (pipelines: number, hour?: number) => void;
  /** What the API was asked since this was last called. */
  usage: () => Promise<Usage>;
}

/** Where and how a project is set up. */
export interface Place {
  folder: string;
  /** Of its stacks. */
  names: string[];
  latencyMs: number;
  /** Of pulumi, beside the usual. */
  env: NodeJS.ProcessEnv;
}
