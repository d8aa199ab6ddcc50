import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { hasData, stop } from "../../embedded/index.ts";
import type { Run } from "../engine/project.ts";
import { projectDir } from "./pages.ts";
import { Shell } from "./shell.ts";

/** What a clone doesn't have. */
const notTracked = ["node_modules", ".git", ".airbyte", ".pulumi-state"];

/** A checkout as somebody has it who has just cloned the project, and the shell that they type into. */
export class Checkout extends Shell {
  #asked = 0;

  /** @param simulated the stack whose connectors are simulated: quick, and enough where they are not the point */
  constructor(simulated?: string) {
    super(mkdtempSync(join(tmpdir(), "checkout-")));
    cpSync(projectDir, this.dir, { recursive: true, filter: (file) => !notTracked.includes(basename(file)) });
    mkdirSync(join(this.dir, ".pulumi-state"));
    symlinkSync(join(projectDir, "node_modules"), join(this.dir, "node_modules"));
    if (simulated !== undefined) {
      const settings = "config:\n  airbyte-on-pulumi:embedded: { connectors: simulated }\n";
      this.write(`Pulumi.${simulated}.yaml`, settings);
    }
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text);
  }

  override async type(line: string, options?: { input?: string; env?: NodeJS.ProcessEnv }): Promise<Run> {
    if (/\bnpm (install|ci|uninstall)\b/.test(line))
      throw new Error(`${line}: would change the packages of this checkout`);
    return super.type(line, options);
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
