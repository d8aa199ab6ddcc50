import { spawn } from "node:child_process";
import { finish, type Run } from "../engine/project.ts";

/** What of the tests' own environment somebody who reads the docs doesn't have. */
const OF_THE_TESTS = [
  "PULUMI_BACKEND_URL",
  "PULUMI_CONFIG_PASSPHRASE",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
  "PULUMI_STACK",
  "DISPLAY", // npm run open would open a browser
  "WAYLAND_DISPLAY",
];

/** A shell in a folder, which lines of the docs are typed into. What one exports, the next ones have. */
export class Shell {
  readonly dir: string;
  /** Everything that was printed so far. */
  said = "";
  readonly #env: NodeJS.ProcessEnv;
  readonly #exports: string[] = [];

  constructor(dir: string, env: NodeJS.ProcessEnv = {}) {
    this.dir = dir;
    this.#env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1", PULUMI_SKIP_CONFIRMATIONS: "true", CI: "" };
    for (const name of OF_THE_TESTS) delete this.#env[name];
    Object.assign(this.#env, env);
  }

  /** Types a line; what asks for a secret gets `input`. */
  async type(
    line: string,
    { input = "a-secret-of-the-docs", env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Run> {
    if (line.startsWith("export ")) this.#exports.push(line);
    const script = [...this.#exports, line].join("\n");
    const child = spawn("bash", ["--norc", "-euo", "pipefail", "-c", script], {
      cwd: this.dir,
      env: { ...this.#env, ...env },
      detached: true,
    });
    child.stdin.on("error", () => undefined); // most commands read none of it
    child.stdin.end(input);
    const run = await finish(child);
    this.said += `$ ${line}\n${run.text}`;
    return run;
  }

  /** Types a line that has to succeed. */
  async must(line: string, options?: { input?: string; env?: NodeJS.ProcessEnv }): Promise<Run> {
    const run = await this.type(line, options);
    if (run.code !== 0) throw new Error(`${line}\nended with ${run.code}:\n${run.text}`);
    return run;
  }
}
