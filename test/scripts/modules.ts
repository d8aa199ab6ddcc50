// The scripts are plain JavaScript, since they run before anything is installed. Here are the types of what the tests call.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const projectDir = fileURLToPath(new URL("../..", import.meta.url));

async function load(path: string): Promise<unknown> {
  return import(new URL(`../../scripts/${path}`, import.meta.url).href);
}

export type Env = Record<string, string | undefined>;
export interface Settings {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
  secretsprovider?: string;
}
export interface Project {
  dir: string;
  file: string;
  name: string;
  backendUrl?: string;
}
type Maker = (partial: string, projectDir: string) => Promise<void>;

export const overlay = (await load("setup/overlay.mjs")) as {
  mergeSettings(tracked: Settings, local: Settings, newSalt?: string): Settings;
  isManagedByUser(tracked: Settings): boolean;
  lostKeys(tracked: Settings, local: Settings): string[];
  writeOverlay(project: Project, stack: string, newSalt?: string): { file: string; settings: Settings };
};
export const connectCommand = (await load("connect.mjs")) as {
  connect(projectDir: string, args: string[], env: Env): Promise<number>;
};
export const typesCommand = (await load("types.mjs")) as {
  types(projectDir: string, args: string[], env: Env): Promise<number>;
};
export const followCommand = (await load("follow.mjs")) as {
  followName(project: Project, stack: string, settings: Settings, env: Env, renamedFrom?: string): Promise<void>;
  followState(
    project: Project,
    stack: string,
    opened: { env: Env; settings: Settings },
    mayMove: boolean,
  ): Promise<boolean>;
  forgetPlaces(project: Project, stack: string, settings: Settings): void;
  renameStack(
    project: Project,
    stack: string,
    args: string[],
    env: Env,
    target: string,
    run: (args: string[], env: Env) => Promise<number>,
  ): Promise<number>;
};
export const adoptFiles = (await load("adopt/files.mjs")) as {
  filesUndone(
    this: void,
    paths: string[],
  ): {
    keep(): void;
    restore(): void;
    write(path: string, text: string, copy: boolean): void;
  };
};
export const adoptOptions = (await load("adopt/options.mjs")) as {
  newSettings(
    options: { url?: string },
    values: Record<string, string>,
    before: { deployment: { resources?: { type: string }[] } },
    stack: string,
    env: Env,
  ): Record<string, string>;
};
export const adoptCommand = (await load("adopt.mjs")) as {
  adopt(projectDir: string, args: string[], env: Env): Promise<number>;
};
export const openCommand = (await load("open.mjs")) as {
  open(projectDir: string, args: string[], env: Env): Promise<number>;
};
export const browser = (await load("open/browser.mjs")) as {
  openInBrowser(url: string, folder: string, env: Env): Promise<boolean>;
};
export const check = (await load("check.mjs")) as {
  readAudit(run: { stdout: string; output: string }): { failures: number; words: string };
};
export const fastCommand = (await load("fast.mjs")) as {
  fastRun(
    project: Partial<Project>,
    stack: string,
    settings: Settings,
    call: { verb: string; args: string[] },
  ): { args: string[]; env: Record<string, string>; settle(): void };
};
export const leftBehind = (await load("left-behind.mjs")) as {
  tellWhatIsLeft(
    project: Partial<Project>,
    stack: string,
    opened: { settings: Settings },
    target: string,
  ): Promise<void>;
};
export const destroyData = (await load("destroy-data.mjs")) as {
  whatRemains(resources: object[], stack: string, target: string): string[];
};
export const project = (await load("setup/project.mjs")) as {
  readProject(dir: string, env: Env): Project;
  backendFolder(project: Partial<Project>): string | undefined;
  absoluteBackendUrl(project: Partial<Project>): string | undefined;
};
export const stack = (await load("setup/stack.mjs")) as {
  openStack(
    project: Project,
    stack: string,
    env: Env,
    how: { create: boolean },
  ): Promise<{ env: Env; settings: Settings; configFile?: string; isNew: boolean }>;
  lostPassphrase(project: Project, stack: string, env: Env): string | undefined;
  passphraseProblem(project: Project, stack: string, env: Env): string | undefined;
};
export const state = (await load("setup/state.mjs")) as {
  hasResources(project: Project, stack: string): boolean | undefined;
  isLocked(project: Project, stack: string): boolean;
};
export const passphrase = (await load("setup/passphrase.mjs")) as {
  passphraseEnv(project: { dir: string }, env: Env, mayGenerate: boolean): Env;
  passphraseFits(passphrase: string, salt: string): boolean;
};
export const keep = (await load("setup/keep-tracked.mjs")) as {
  keepTracked<T>(projectDir: string, work: () => Promise<T>): Promise<T>;
};
export const node = (await load("setup/node.mjs")) as {
  chooseNode(machine?: { version?: string; platform?: string }): Promise<string>;
};
export const npm = (await load("setup/npm.mjs")) as {
  npmCommand(node: string, env: Env): { command: string; args: string[]; env: Env };
};
export const connectorsAhead = (await load("connectors-ahead.mjs")) as {
  bringConnectors(project: Project, settings: Settings): Promise<void>;
  environmentsFor(projectDir: string, mainFile: string | undefined, mode: string): Promise<string[]>;
};
export const folding = (await load("fold.mjs")) as { fold(text: string, columns?: number): string };
export const causes = (await load("setup/causes.mjs")) as { systemErrorInWords(error: unknown): string | undefined };
export const packages = (await load("setup/packages.mjs")) as { packagesAreInstalled(projectDir: string): boolean };
export const cli = (await load("setup/pulumi.mjs")) as {
  choosePulumi(
    projectDir: string,
    how: { env: Env; makers?: { name: string; make: Maker }[] },
  ): Promise<{ bin?: string; selfBuilt: boolean }>;
  pulumiEnv(cli: { bin?: string; selfBuilt: boolean }, nodeFolder: string, env: Env): Env;
};
export const download = (await load("setup/pulumi-download.mjs")) as {
  downloadPulumi(partial: string, projectDir: string, base: string, pinned?: Record<string, string>): Promise<void>;
};
export const build = (await load("setup/pulumi-build.mjs")) as {
  buildPulumi(partial: string, projectDir: string, env: Env): Promise<void>;
};
export const environments = (await load("setup/python-environment.mjs")) as {
  pythonEnvironment(name: string, env: Env): Promise<{ bin: string; python: string }>;
};
export const cache = (await load("setup/cache.mjs")) as {
  cacheFolder(): string;
  openCacheFolder(this: void): string;
  provide(folder: string, isComplete: (folder: string) => boolean, make: (partial: string) => unknown): Promise<void>;
};
export const lock = (await load("setup/lock.mjs")) as {
  withLock<T>(folder: string, work: () => Promise<T>): Promise<T>;
};
export const versions = (await load("setup/versions.mjs")) as {
  atLeast(found: string, minimum: string): boolean;
  pulumiVersion: string;
  pulumiChecksums: Record<string, string>;
  nodeMinimum: string;
  pinnedNodes: Record<string, { name: string; version: string; integrity: string }>;
};
export const pulumiArgs = (await load("pulumi-args.mjs")) as {
  parsePulumiArgs(given: string[], env: Env): { stack: string; args: string[]; verb?: string; noun?: string };
  refuseImport(this: void, call: { verb?: string; args: string[] }): void;
};
export const yes = (await load("yes.mjs")) as {
  withYes(verb: string, args: string[], embedded: boolean, atTerminal: boolean): string[];
  withoutPreview(verb: string, args: string[], embedded: boolean): string[];
  withoutOutputs(verb: string, args: string[]): string[];
};
export const pulumiCommand = (await load("pulumi.mjs")) as {
  pulumi(projectDir: string, args: string[], env: Env): Promise<number>;
};
export const config = (await load("config-command.mjs")) as {
  configFileFor(opened: { configFile?: string }, call: { verb: string; noun?: string; args: string[] }): string[];
};
export const placeholders = (await load("placeholders.mjs")) as {
  sampleSecrets: string[];
  fillPlaceholders(
    project: Project,
    opened: { env: Env; settings: Settings; configFile?: string },
    verb: string,
    firstUse: boolean,
  ): Promise<void>;
};
export const testCommand = (await load("test.mjs")) as {
  conclude(
    result: { passed: number; failed: number; skipped: { name: string; reason: string }[] } | undefined,
    code: number,
    left?: string[],
  ): { lines: string[]; failed: boolean };
};
export const leftRunning = (await load("left-running.mjs")) as {
  endLeftRunning(folder: string, patience?: number): Promise<string[]>;
};

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "scripts-test-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export function write(file: string, text: string, mode = 0o644): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
  return file;
}

/** A shell script that stands in for a program. */
export function fakeProgram(folder: string, name: string, body: string): string {
  return write(join(folder, name), `#!/bin/sh\n${body}\n`, 0o755);
}

/** A cache folder of the test's own. */
export function emptyCache(): string {
  const folder = temporaryFolder();
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = folder;
  onTestFinished(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
  return join(folder, "airbyte-on-pulumi");
}
