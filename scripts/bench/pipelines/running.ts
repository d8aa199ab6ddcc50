import { spawn, type ChildProcess } from "node:child_process";
import { text } from "node:stream/consumers";
import { interruption } from "../interruption.ts";
import { descendantsOf } from "../processes.ts";

/** An interrupted program ends its steps under way, each of which waits for a few calls at most. */
const patienceMs = 10_000;

export interface Running {
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
