import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { interruption } from "../interruption.ts";
import { descendantsOf } from "../processes.ts";
import { declarationOf, secretName } from "./declaration.ts";
import type { BenchAirbyte } from "./airbyte.ts";

const checkout = join(import.meta.dirname, "../../..");
/** An interrupted pulumi ends its steps under way, each of which waits for a few calls at most. */
const patienceMs = 10_000;

/** A project as a user has it, with the code of this checkout, and a stack whose Airbyte exists already. */
export class BenchProject {
  readonly #dir: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(dir: string) {
    this.#dir = dir;
    this.#env = {
      ...process.env,
      PULUMI_CONFIG_PASSPHRASE: "benchmark",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_STACK: "dev",
    };
    delete this.#env.PULUMI_BACKEND_URL;
  }

  static async create(dir: string, airbyte: BenchAirbyte): Promise<BenchProject> {
    copyCode(dir);
    const project = new BenchProject(dir);
    await project.run(["stack", "init", "dev"]);
    const plain = { target: "existing", url: airbyte.url, clientId: airbyte.clientId };
    const settings = Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    await project.run(["config", "set-all", ...settings]);
    await project.run(["config", "set", "--secret", "clientSecret"], airbyte.clientSecret);
    await project.run(["config", "set", "--secret", secretName], "not-for-you");
    return project;
  }

  declare(...declaration: Parameters<typeof declarationOf>): void {
    writeFileSync(join(this.#dir, "pipelines.yaml"), declarationOf(...declaration));
  }

  get stateBytes(): number {
    return statSync(join(this.#dir, ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json")).size;
  }

  /** Runs pulumi to its end, and throws its own words unless it succeeds. `watch` is told its process. */
  async run(args: string[], input = "", watch?: (pid: number) => void): Promise<void> {
    interruption.throwIfAborted();
    // A process group of its own: else Ctrl-C would reach it twice, and pulumi takes that for "stop at once".
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.#dir,
      env: this.#env,
      detached: true,
    });
    const stop = () => {
      end(child);
    };
    interruption.addEventListener("abort", stop);
    try {
      const closed = new Promise<number | null>((resolve, reject) =>
        child.once("close", resolve).once("error", reject),
      );
      if (child.pid !== undefined) watch?.(child.pid);
      child.stdin.end(input);
      const [code, output, errors] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
      interruption.throwIfAborted();
      if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}${errors}`);
    } finally {
      interruption.removeEventListener("abort", stop);
    }
  }
}

/** Lets pulumi end in good order; if it doesn't, ends it with all that it has started. */
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

function copyCode(dir: string): void {
  mkdirSync(join(dir, ".pulumi-state"), { recursive: true });
  for (const file of ["Pulumi.yaml", "package.json", "main.mjs"]) cpSync(join(checkout, file), join(dir, file));
  for (const name of ["index.ts", "infra", "providers", "embedded", "scripts", "node_modules"]) {
    symlinkSync(join(checkout, name), join(dir, name));
  }
}
