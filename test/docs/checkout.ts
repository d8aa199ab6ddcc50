import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { hasData, stop } from "../../embedded/launch.ts";
import { finish, type Run } from "../engine/project.ts";
import { projectDir } from "./pages.ts";

/** What a clone doesn't have. */
const notTracked = ["node_modules", ".git", ".airbyte", ".pulumi-state"];

/** A checkout as somebody has it who has just cloned the project, and the shell that they type into. */
export class Checkout {
  readonly dir = mkdtempSync(join(tmpdir(), "checkout-"));
  /** Everything that was printed so far. */
  said = "";
  #asked = 0;
  readonly #env: NodeJS.ProcessEnv;
  readonly #exports: string[] = [];

  /** @param simulated the stack whose connectors are simulated: quick, and enough where they are not the point */
  constructor(simulated?: string) {
    cpSync(projectDir, this.dir, { recursive: true, filter: (file) => !notTracked.includes(basename(file)) });
    mkdirSync(join(this.dir, ".pulumi-state"));
    symlinkSync(join(projectDir, "node_modules"), join(this.dir, "node_modules"));
    if (simulated !== undefined) {
      const settings = "config:\n  airbyte-on-pulumi:embedded: { connectors: simulated }\n";
      this.write(`Pulumi.${simulated}.yaml`, settings);
    }
    this.#env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1", PULUMI_SKIP_CONFIRMATIONS: "true", CI: "" };
    for (const name of [
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_CONFIG_PASSPHRASE_FILE",
      "PULUMI_STACK",
      "DISPLAY", // npm run open would open a browser
      "WAYLAND_DISPLAY",
    ])
      delete this.#env[name];
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text);
  }

  /** Types a line; what asks for a secret gets `input`. */
  async type(
    line: string,
    { input = "a-secret-of-the-docs", env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Run> {
    if (/\bnpm (install|ci|uninstall)\b/.test(line))
      throw new Error(`${line}: would change the packages of this checkout`);
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

  /** What was printed since the last call of this. */
  saidSinceAsked(): string {
    const since = this.said.slice(this.#asked);
    this.#asked = this.said.length;
    return since;
  }

  /** The data of the embedded Airbytes that its stacks have. */
  get #dataDirs(): string[] {
    const folder = join(this.dir, ".airbyte");
    const stacks = existsSync(folder) ? readdirSync(folder) : [];
    return stacks.map((stack) => join(folder, stack, "embedded")).filter(hasData);
  }

  async close(): Promise<void> {
    for (const dataDir of this.#dataDirs) await stop(dataDir);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
