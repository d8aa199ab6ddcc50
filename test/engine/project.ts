import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ensureRunning, hasData, stop } from "../../embedded/index.ts";
import { byHandAt } from "./by-hand.ts";
import { endLanguageHosts } from "./processes.ts";

const CHECKOUT = join(import.meta.dirname, "../..");

/** What a command of the Pulumi CLI did. */
export interface Run {
  code: number;
  /** Output and errors as a person sees them. */
  text: string;
  /** Standard output alone, for JSON. */
  stdout: string;
}

export interface ResourceState {
  urn: string;
  type: string;
  id: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  modified?: string;
  /** Deleted, and yet to be made again. */
  pendingReplacement?: boolean;
  /** Replaced, and yet to be deleted. */
  delete?: boolean;
}

export interface Step {
  op: string;
  name: string;
  type: string;
  /** For an update, the paths of the inputs that differ. */
  fields: string[];
}

export interface ProjectOptions {
  pipelines?: string;
  program?: string;
  /** The stack whose embedded Airbyte is called by hand. */
  stack?: string;
  /** embedded.connectors, unless the test sets it; null where the target is another one, which refuses the setting. */
  connectors?: "auto" | "real" | "simulated" | null;
  /** Of the CLI, beside that of the tests. */
  env?: Record<string, string>;
  /** When it is taken away: after the test, or `afterAll` for one that the tests of a file share. */
  afterwards?: (clean: () => Promise<void>) => unknown;
}

/** What the program and the commands are made of: all of the checkout's folders that hold code, and are not the user's. */
const folders = readdirSync(CHECKOUT)
  .filter((name) => !name.startsWith(".") && statSync(join(CHECKOUT, name)).isDirectory())
  .filter((name) => !["pipelines", "test", "docs", "examples", "dist"].includes(name));

/**
 * A project of its own, as a user has it: settings, pipelines and state in a folder of their own, the program and its
 * code from this checkout, and the real Pulumi CLI.
 */
export class Project {
  readonly dir = mkdtempSync(join(tmpdir(), "project-"));
  readonly dataDir: string;
  /** All that the CLI has shown so far. */
  said = "";
  readonly #env: NodeJS.ProcessEnv;

  constructor({
    pipelines = "sources: {}",
    program,
    stack = "dev",
    connectors = "simulated",
    env = {},
    afterwards = onTestFinished,
  }: ProjectOptions = {}) {
    for (const file of ["Pulumi.yaml", "package.json", "main.mjs", "Pulumi.dev.yaml"])
      cpSync(join(CHECKOUT, file), join(this.dir, file));
    for (const folder of folders) {
      symlinkSync(join(CHECKOUT, folder), join(this.dir, folder));
    }
    // Most tests are about Pulumi: with simulated connectors they are quick, and need no Python.
    if (connectors !== null) this.edit("Pulumi.yaml", "default: {}", `default: { connectors: ${connectors} }`);
    if (program === undefined) symlinkSync(join(CHECKOUT, "index.ts"), join(this.dir, "index.ts"));
    else writeFileSync(join(this.dir, "index.ts"), program.replaceAll("@checkout", CHECKOUT));
    mkdirSync(join(this.dir, ".pulumi-state"));
    this.write("pipelines.yaml", pipelines);
    this.#env = {
      ...process.env,
      PULUMI_CONFIG_PASSPHRASE: "engine-test",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      CI: "",
      ...env,
    };
    delete this.#env.PULUMI_BACKEND_URL;
    this.dataDir = join(this.dir, ".airbyte", stack, "embedded");
    afterwards(() => this.#close());
  }

  /** A new project with its stack. */
  static async create(options?: ProjectOptions): Promise<Project> {
    const project = new Project(options);
    await project.must("stack", "init", "dev");
    return project;
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text);
  }

  edit(file: string, from: string | RegExp, to: string): void {
    const text = readFileSync(join(this.dir, file), "utf8");
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${file} does not hold ${String(from)}`);
    this.write(file, edited);
  }

  /** What the CLI runs in. */
  get env(): NodeJS.ProcessEnv {
    return this.#env;
  }

  /** Runs the CLI; `input` goes to its standard input. */
  pulumi(args: string[], { input, env }: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Run> {
    const child = this.spawn(args, env);
    child.stdin?.end(input ?? "");
    return finish(child);
  }

  spawn(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.dir,
      env: { ...this.#env, ...env },
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
    }
    return child;
  }

  /** Runs the CLI; anything but success fails the test with the CLI's own words. */
  async must(...args: string[]): Promise<Run> {
    const run = await this.pulumi(args);
    if (run.code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${run.code}:\n${run.text}`);
    return run;
  }

  up(...args: string[]): Promise<Run> {
    return this.must("up", "--yes", "--skip-preview", "--stack", "dev", ...args);
  }

  refresh(...args: string[]): Promise<Run> {
    return this.must("refresh", "--yes", "--skip-preview", "--stack", "dev", ...args);
  }

  destroy(...args: string[]): Promise<Run> {
    return this.must("destroy", "--yes", "--skip-preview", "--stack", "dev", ...args);
  }

  async setSecret(key: string, value: string): Promise<void> {
    const run = await this.pulumi(["config", "set", "--secret", key], { input: value });
    if (run.code !== 0) throw new Error(run.text);
  }

  /** The steps of a preview that change something. */
  async preview(...args: string[]): Promise<Step[]> {
    const { stdout } = await this.must("preview", "--json", "--stack", "dev", ...args);
    const { steps } = JSON.parse(stdout) as { steps: JsonStep[] };
    return steps.filter((step) => step.op !== "same").map(readStep);
  }

  async resources(): Promise<ResourceState[]> {
    const { stdout } = await this.must("stack", "export", "--stack", "dev");
    const { deployment } = JSON.parse(stdout) as { deployment: { resources?: ResourceState[] } };
    return deployment.resources ?? [];
  }

  /** Ids by `Type/name`, e.g. `Source/users`; without Pulumi's own providers, which are added as a program calls them. */
  async ids(): Promise<Record<string, string>> {
    const made = (await this.resources()).filter(({ id, type }) => id && !type.startsWith("pulumi:providers:"));
    return Object.fromEntries(made.map(({ urn, id }) => [shortName(urn), id]));
  }

  /** A call of the embedded Airbyte by somebody else than Pulumi. */
  async byHand<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    return byHandAt(await ensureRunning(this.dataDir))<T>(method, path, body);
  }

  /** Everything that the embedded Airbyte holds, by name. */
  async onServer(kind: "sources" | "destinations" | "connections"): Promise<Record<string, unknown>[]> {
    const { data } = await this.byHand<{ data: Record<string, unknown>[] }>("GET", `/api/public/v1/${kind}?limit=100`);
    return data;
  }

  async #close(): Promise<void> {
    if (hasData(this.dataDir)) await stop(this.dataDir);
    endLanguageHosts(this.dir);
    if (existsSync(this.dir)) rmSync(this.dir, { recursive: true, force: true });
  }
}

/** `Source/users` of a resource's URN. */
export function shortName(urn: string): string {
  const [type = "", name = ""] = urn.split("::").slice(-2);
  return `${type.split(":").at(-1) ?? ""}/${name}`;
}

/** `npm run COMMAND` as it is once everything is set up; `input` goes to its standard input. */
export function command(
  { dir, env }: Project,
  name: string,
  args: readonly string[],
  how: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  const dispatch = JSON.stringify(join(CHECKOUT, "scripts/commands/dispatch.ts"));
  const code = `const { allCommands, perform } = await import(${dispatch});
    const command = allCommands.find(({ name }) => name === ${JSON.stringify(name)});
    const how = { projectDir: process.cwd(), given: ${JSON.stringify(args)}, env: process.env };
    try { process.exitCode = await perform(command, how); }
    catch (error) { console.error(error.message); process.exitCode = error.exitCode ?? 1; }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: dir,
    env: { ...env, INIT_CWD: dir, ...how.env },
  });
  child.stdin.end(how.input ?? "");
  return finish(child);
}

/** Waits for a process and gathers what it printed. */
export function finish(child: ChildProcess): Promise<Run> {
  let stdout = "";
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    text += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, text, stdout }));
  });
}

interface JsonStep {
  op: string;
  urn: string;
  oldState?: { inputs: unknown };
  newState?: { inputs: unknown };
}

function readStep({ op, urn, oldState, newState }: JsonStep): Step {
  const [type = "", name = ""] = shortName(urn).split("/");
  const fields = op === "update" ? differences(oldState?.inputs, newState?.inputs).sort() : [];
  return { op, name, type, fields };
}

// As the CLI shows it: a dynamic provider can give no detailed diff, so old and new inputs are compared.
function differences(before: unknown, after: unknown, path = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after)) return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
