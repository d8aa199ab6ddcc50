import { statSync } from "node:fs";
import { join } from "node:path";
import { runToEnd } from "./running.ts";

/** In the order in which they are measured, each on what the one before has left. */
export const operations = ["up", "preview", "up, no change", "up, one change", "refresh", "destroy"] as const;
export type Operation = (typeof operations)[number];

/** What is measured. */
export interface Stack {
  /** `watch` is told the process. */
  perform: (operation: Operation, watch?: (pid: number) => void) => Promise<void>;
  /** Of its state's file. */
  readonly stateBytes: number;
}

const unasked = ["--yes", "--skip-preview"];
const commands: Record<Operation, string[]> = {
  up: ["up", ...unasked],
  preview: ["preview"],
  "up, no change": ["up", ...unasked],
  "up, one change": ["up", ...unasked],
  refresh: ["refresh", ...unasked],
  destroy: ["destroy", ...unasked],
};

/** A stack of a Pulumi project in a folder of its own. */
export class PulumiStack implements Stack {
  readonly #dir: string;
  readonly #name: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(dir: string, name: string, env: NodeJS.ProcessEnv) {
    this.#dir = dir;
    this.#name = name;
    this.#env = {
      ...process.env,
      ...env,
      PULUMI_CONFIG_PASSPHRASE: "benchmark",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_STACK: name,
    };
    delete this.#env.PULUMI_BACKEND_URL;
  }

  /** Makes the stack in the project that is in `dir`. */
  static async create(dir: string, name: string, env: NodeJS.ProcessEnv): Promise<PulumiStack> {
    const stack = new PulumiStack(dir, name, env);
    await stack.run(["stack", "init", name]);
    return stack;
  }

  get stateBytes(): number {
    return statSync(join(this.#dir, ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi", `${this.#name}.json`)).size;
  }

  perform(operation: Operation, watch?: (pid: number) => void): Promise<void> {
    return this.run(commands[operation], undefined, watch);
  }

  run(args: string[], input?: string, watch?: (pid: number) => void): Promise<void> {
    const running = { cwd: this.#dir, env: this.#env, watch, ...(input !== undefined && { input }) };
    return runToEnd("pulumi", [...args, "--non-interactive", "--color", "never"], running);
  }
}
