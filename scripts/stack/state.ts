// What can be read of a stack's state and locks without Pulumi. Only in a `file://` backend; others answer through pulumi alone.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { quietly } from "../setup/process.mjs";
import { StopError } from "../setup/stop.mjs";
import { backendFolder, shortName, stateFile, type Project } from "./project.ts";
import type { StateResource } from "./state-resources.ts";

interface State {
  version?: number;
  checkpoint?: {
    latest?: { secrets_providers?: { state?: { salt?: string } }; resources?: StateResource[] };
  };
}

/** The last snapshot of the stack; undefined where it can't be looked at from here. */
function snapshot(project: Project, stack: string) {
  const state = readState(project, stack);
  return state && (state.checkpoint?.latest ?? {});
}

/** The number of the state's format, which grows with Pulumi; undefined where it can't be looked at from here. */
export function stateFormat(project: Project, stack: string): number | undefined {
  return readState(project, stack)?.version;
}

function readState(project: Project, stack: string): State | undefined {
  const file = stateFile(project, stack);
  if (!file) return undefined;
  try {
    const bytes = readFileSync(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    return (JSON.parse(text) as State | null) ?? {};
  } catch (error) {
    throw new StopError(unreadable(project, stack, file, error as NodeJS.ErrnoException));
  }
}

function unreadable(project: Project, stack: string, file: string, error: NodeJS.ErrnoException): string {
  const shown = relative(project.dir, file);
  const start = `The state of the stack "${stack}" can't be read (${shown}: ${error.code ?? "it is empty or cut off"})`;
  // pulumi keeps the state before the last step there
  if (existsSync(`${file}.bak`)) return `${start}: copy ${shown}.bak over it and run again.`;
  return `${start}, and there is no copy beside it (${shown}.bak): put back a backup of your own.`;
}

/** The salt of the passphrase that the stack's secrets are encrypted with; undefined where it has none, or another secrets provider. */
export function stateSalt(project: Project, stack: string): string | undefined {
  return snapshot(project, stack)?.secrets_providers?.state?.salt;
}

/** The resources in the state; undefined where that can't be looked at from here. */
export function resourcesOf(project: Project, stack: string): StateResource[] | undefined {
  const latest = snapshot(project, stack);
  return latest && (latest.resources ?? []);
}

/** Whether anything has been created; undefined where that can't be looked at from here. */
export function hasResources(project: Project, stack: string): boolean | undefined {
  const resources = resourcesOf(project, stack);
  return resources && resources.length > 0;
}

/** Whether a run holds the stack's lock, or a killed one left it behind. */
export function isLocked(project: Project, stack: string): boolean {
  const folder = backendFolder(project);
  const locks = folder && join(folder, ".pulumi", "locks", "organization", project.name, shortName(stack));
  return Boolean(locks && existsSync(locks) && readdirSync(locks).length > 0);
}

/** The names of the project's stacks, for people; none where the backend doesn't say. */
export async function stackNames(project: Project, env: NodeJS.ProcessEnv): Promise<string[]> {
  const folder = backendFolder(project);
  if (folder) {
    const stacks = join(folder, ".pulumi", "stacks", project.name);
    const files = existsSync(stacks) ? readdirSync(stacks) : [];
    return files.flatMap((file) => /^(.+)\.json(?:\.gz)?$/.exec(file)?.[1] ?? []).sort();
  }
  const listed = await quietly("pulumi", ["stack", "ls", "--json", "--non-interactive"], { env, cwd: project.dir });
  return listed.code === 0 ? (JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name) : [];
}
