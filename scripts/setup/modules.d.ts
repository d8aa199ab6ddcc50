// The types of set-up for the code around it. It is plain JavaScript, whose types its comments give and scripts/setup/tsconfig.json checks; the
// project's own tsconfig.json can't let JavaScript in, since Pulumi would compile what it loads by it.

declare module "*/setup/folders.mjs" {
  export function localFolder(projectDir: string, ...parts: string[]): string;
  export function cacheFolder(): string;
  export function openCacheFolder(this: void): string;
  export function provide(
    folder: string,
    isComplete: (folder: string) => boolean,
    make: (partial: string) => unknown,
  ): Promise<void>;
  export function withLock<T>(folder: string, work: () => T | Promise<T>): Promise<T>;
}

declare module "*/setup/get-pulumi.mjs" {
  export function downloadPulumi(
    partial: string,
    _projectDir: string,
    base?: string,
    pinned?: Record<string, string>,
  ): Promise<void>;
  export function buildPulumi(partial: string, projectDir: string, env?: NodeJS.ProcessEnv): Promise<void>;
}

declare module "*/setup/messages.mjs" {
  export function say(text: string): void;
  export class StopError extends Error {
    constructor(message: string);
    summary: string;
  }
  export function causeOf(text: string): string | undefined;
  export function systemErrorInWords(error: unknown): string | undefined;
}

declare module "*/setup/packages.mjs" {
  export function installPackages(projectDir: string): Promise<void>;
  export function packagesAreInstalled(projectDir: string): boolean;
}

declare module "*/setup/process.mjs" {
  import type { SpawnOptions } from "node:child_process";
  export function foreground(command: string, args: readonly string[], options?: SpawnOptions): Promise<number>;
  export function quietly(
    command: string,
    args: readonly string[],
    how?: How & {
      cwd?: string;
      env?: NodeJS.ProcessEnv;
    },
  ): Promise<{
    code: number;
    stdout: string;
    output: string;
  }>;
  export function tail(text: string, lines?: number): string;
  export function npmCommand(
    node: string,
    env?: NodeJS.ProcessEnv,
  ): {
    command: string;
    args: string[];
    env: NodeJS.ProcessEnv;
  };
  export type How = {
    label?: string;
    usually?: string;
    input?: string;
    timeout?: number;
  };
  export function onExit(action: () => void): () => void;
}

declare module "*/setup/pulumi.mjs" {
  export function choosePulumi(
    projectDir: string,
    how?: {
      env?: NodeJS.ProcessEnv | undefined;
      makers?: Way[] | undefined;
    },
  ): Promise<Cli>;
  export function pulumiEnv(cli: Cli, nodeFolder: string, env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  export type Cli = {
    bin?: string | undefined;
    selfBuilt: boolean;
  };
  export type Way = {
    name: string;
    make: (partial: string, projectDir: string) => Promise<void>;
  };
}

declare module "*/setup/python.mjs" {
  export function pythonsOnPath(env?: NodeJS.ProcessEnv): Promise<Python[]>;
  export function choosePython(
    pythons: readonly Python[],
    from?: string,
    below?: string,
  ):
    | (Python & {
        missing?: undefined;
      })
    | {
        missing: string;
      };
  export type Python = {
    command: string;
    version: string;
    venv: boolean;
  };
}

declare module "*/setup/python-environment.mjs" {
  export function pythonEnvironment(
    name: string,
    env?: NodeJS.ProcessEnv,
  ): Promise<{
    bin: string;
    python: string;
  }>;
  export function isInstalled(name: string): boolean;
  export function uvProgram(env: NodeJS.ProcessEnv, found: { command: string; version: string }): Promise<string>;
}

declare module "*/setup/start.mjs" {
  export function chooseNode(how?: { version?: string | undefined; platform?: string | undefined }): Promise<string>;
}

declare module "*/setup/versions.mjs" {
  export function atLeast(found: string, minimum: string): boolean;
  export const nodeMinimum: string;
  export const pinnedNodes: Record<
    string,
    {
      name: string;
      version: string;
      integrity: string;
    }
  >;
  export const pulumiVersion: "3.276.0";
  export const pulumiChecksums: Record<string, string>;
  export const pulumiStateFormat: 4;
}
