// What is measured: pipelines in an Airbyte, by this project or by Terraform, or as many resources of which each only waits.
import { spawn, type ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { descendantsOf } from "../../scripts/commands/test/processes.ts";
import { interruption } from "../program.ts";

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

/** An interrupted program ends its steps under way, each of which waits for a few calls at most. */
const patienceMs = 10_000;

interface Running {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Goes to its standard input. */
  input?: string;
  /** Is told its process. */
  watch?: ((pid: number) => void) | undefined;
}

/** Runs a program to its end, and throws its own words unless it succeeds. */
export async function runToEnd(program: string, args: string[], { cwd, env, input, watch }: Running): Promise<void> {
  interruption.throwIfAborted();
  // A process group of its own: else Ctrl-C would reach it twice, and pulumi takes that for "stop at once".
  const child = spawn(program, args, { cwd, env, detached: true });
  const stop = () => {
    end(child);
  };
  interruption.addEventListener("abort", stop);
  try {
    const closed = new Promise<number | null>((resolve, reject) => child.once("close", resolve).once("error", reject));
    if (child.pid !== undefined) watch?.(child.pid);
    child.stdin.end(input ?? "");
    const [code, output, errors] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    interruption.throwIfAborted();
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${output}${errors}`);
  } finally {
    interruption.removeEventListener("abort", stop);
  }
}

/** Lets a program end in good order; if it doesn't, ends it with all that it has started. */
function end(child: ChildProcess): void {
  child.kill("SIGINT");
  const timer = setTimeout(() => {
    const started = child.pid === undefined ? [] : descendantsOf(child.pid);
    child.kill("SIGKILL");
    for (const pid of started) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended with its parent.
      }
    }
  }, patienceMs);
  child.once("close", () => {
    clearTimeout(timer);
  });
}
