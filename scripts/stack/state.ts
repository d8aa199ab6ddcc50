// The state of a stack: what Pulumi exports and imports, and what can be read of it on this machine without Pulumi.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { UserError } from "../../errors/user-error.ts";
import { quietly, tail } from "../setup/process.mjs";
import { keepTracked } from "./overlay.ts";
import { backendFolder, shortName, stateFile, type Project } from "./project.ts";

/** A resource of a state, as `pulumi stack export` shows it: secrets are encrypted in it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** A replaced one that is still to be deleted. */
  delete?: boolean;
  /** Others manage it. */
  external?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** A delete of it is refused. */
  protect?: boolean;
}

/** An object in Airbyte that a state holds. */
export interface AirbyteObject {
  /** `Source`, `Connection` … */
  type: string;
  /** As the program declares it. */
  name: string;
  /** Airbyte's. */
  id: string;
  inputs: Record<string, unknown>;
}

export function airbyteObjects(resources: readonly StateResource[]): AirbyteObject[] {
  return resources.flatMap((resource) => {
    const { id, inputs = {}, delete: isReplaced } = resource;
    const type = airbyteType(resource);
    return type === undefined || !id || isReplaced ? [] : [{ type, name: declaredName(resource), id, inputs }];
  });
}

/** `Source`, `Connection` … of an object in Airbyte. */
export function airbyteType({ type }: StateResource): string | undefined {
  return /^pulumi-nodejs:dynamic\/airbyte:(\w+)$/.exec(type)?.[1];
}

export function declaredName({ urn }: StateResource): string {
  // A name may hold ::, a type can't.
  return urn.split("::").slice(3).join("::");
}

// What can be read of a stack's state and locks without Pulumi. Only in a `file://` backend; others answer through pulumi alone.

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
    throw new UserError(unreadable(project, stack, file, error as NodeJS.ErrnoException));
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

// Pulumi out of sight: for what the project's own commands have to know of a stack, or to set in it.

/** A stack's state as `pulumi stack export` has it, secrets encrypted. */
export interface ExportedState {
  deployment: {
    resources?: StateResource[];
    pending_operations?: unknown[];
    secrets_providers?: { type?: string };
  };
}

/** An opened stack, as far as it matters here. */
interface Asked {
  env: NodeJS.ProcessEnv;
}

/** Runs pulumi on an opened stack and resolves with exit code and output. `input` goes to its standard input. */
export function askPulumi(project: Pick<Project, "dir">, opened: Asked, args: readonly string[], input?: string) {
  return quietly("pulumi", [...args, "--non-interactive"], {
    env: opened.env,
    cwd: project.dir,
    ...(input !== undefined && { input }),
  });
}

/** The same where it has to succeed, and resolves with what it has printed; `otherwise` is what is wrong if it doesn't. */
export async function demandOfPulumi(
  project: Pick<Project, "dir">,
  opened: Asked,
  args: readonly string[],
  { otherwise, input }: { otherwise: string; input?: string },
): Promise<string> {
  const { code, stdout, output } = await askPulumi(project, opened, args, input);
  if (code !== 0) throw new UserError(`${otherwise} Pulumi says: ${tail(output)}`);
  return stdout;
}

/** The state of a stack as Pulumi exports it, secrets encrypted. */
export async function exportState(project: Project, opened: Asked): Promise<ExportedState> {
  const otherwise = "The state of the stack can't be read.";
  return JSON.parse(await demandOfPulumi(project, opened, ["stack", "export"], { otherwise })) as ExportedState;
}

/** Puts such a state in the place of the stack's. */
export async function importInto(project: Project, opened: Asked, state: ExportedState): Promise<void> {
  const how = { otherwise: "Nothing was changed: the state could not be imported.", input: JSON.stringify(state) };
  await keepTracked(project.dir, () => demandOfPulumi(project, opened, ["stack", "import"], how));
}

/** The resources of a stack, as its state has them. */
export async function readResources(project: Project, opened: Asked): Promise<StateResource[]> {
  return (await exportState(project, opened)).deployment.resources ?? [];
}
