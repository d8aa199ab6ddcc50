// What the tests call of the scripts, by what it is about.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { adopt, connect, open, types } from "../../scripts/commands/stack-commands.ts";
import type { Command } from "../../scripts/commands/command.ts";
import { perform } from "../../scripts/commands/dispatch.ts";

export * as adoptFiles from "../../scripts/commands/adopt/files.ts";
export * as adoptOptions from "../../scripts/commands/adopt/options.ts";
export * as check from "../../scripts/commands/check.ts";
export * as page from "../../scripts/commands/open.ts";
export * as leftRunning from "../../scripts/commands/test/processes.ts";
export * as testCommand from "../../scripts/commands/test/run.ts";
export * as folders from "../../scripts/setup/folders.mjs";
export * as getPulumi from "../../scripts/setup/get-pulumi.mjs";
export * as messages from "../../scripts/setup/messages.mjs";
export * as packages from "../../scripts/setup/packages.mjs";
export * as processes from "../../scripts/setup/process.mjs";
export * as cli from "../../scripts/setup/pulumi.mjs";
export * as environments from "../../scripts/setup/python-environment.mjs";
export * as start from "../../scripts/setup/start.mjs";
export * as versions from "../../scripts/setup/versions.mjs";
export * as connectorsAhead from "../../scripts/stack/ahead.ts";
export * as config from "../../scripts/stack/config.ts";
export * as cutOff from "../../scripts/stack/cut-off.ts";
export * as followCommand from "../../scripts/stack/follow.ts";
export * as stack from "../../scripts/stack/open-stack.ts";
export * as pulumiCommand from "../../scripts/stack/operation.ts";
export * as overlay from "../../scripts/stack/overlay.ts";
export * as project from "../../scripts/stack/project.ts";
export * as protection from "../../scripts/stack/protection.ts";
export * as pulumiArgs from "../../scripts/stack/pulumi-args.ts";
export * as state from "../../scripts/stack/state.ts";
export * as terminal from "../../scripts/terminal.ts";

export const projectDir = fileURLToPath(new URL("../..", import.meta.url));

export type Env = NodeJS.ProcessEnv;

/** A command as it is once everything is set up. */
const ready = (command: Command) => (dir: string, given: string[], env: Env) =>
  perform(command, { projectDir: dir, given, env });

export const adoptCommand = { adopt: ready(adopt) };
export const connectCommand = { connect: ready(connect) };
export const openCommand = { open: ready(open) };
export const typesCommand = { types: ready(types) };

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
