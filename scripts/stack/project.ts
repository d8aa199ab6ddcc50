import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../errors/user-error.ts";

/** What is needed to know of Pulumi.yaml. */
export interface Project {
  dir: string;
  /** Pulumi.yaml itself. */
  file: string;
  name: string;
  /** Where the state is; undefined where it is what somebody is logged in to. */
  backendUrl?: string | undefined;
}

/** A stack's settings, as in a file `Pulumi.STACK.yaml`; what is secret is `{secure: "v1:…"}`. */
export interface StackSettings {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
  secretsprovider?: string;
  encryptedkey?: string;
}

/** PULUMI_BACKEND_URL wins over the file, as it does for pulumi. */
export function readProject(dir: string, env: NodeJS.ProcessEnv = process.env): Project {
  const file = join(dir, "Pulumi.yaml");
  const settings = parseProject(file);
  const project: Project = {
    dir,
    file,
    name: settings.name,
    backendUrl: filled(env.PULUMI_BACKEND_URL) ?? settings.backend?.url,
  };
  // Pulumi reads the folder of the state as a URL, in which these are something else.
  const odd = /[#?%]/.exec(dir)?.[0];
  if (odd && backendFolder(project)?.startsWith(dir))
    throw new UserError(
      `Pulumi can't keep its state under a path with "${odd}" in it: rename or move the folder ${dir}`,
    );
  return project;
}

/** A variable that is set to nothing counts as none. */
function filled(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function parseProject(file: string): { name: string; backend?: { url?: string } } {
  let why = "it has no name";
  try {
    const settings = parse(readFileSync(file, "utf8")) as { name?: unknown } | null;
    if (typeof settings?.name === "string") return settings as { name: string };
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  throw new UserError(`Pulumi.yaml can't be read: ${why}\nMend it, or get it back: git checkout Pulumi.yaml`);
}

/** The folder of a `file://` backend; undefined for every other backend. */
export function backendFolder(project: Pick<Project, "dir" | "backendUrl">): string | undefined {
  if (!project.backendUrl?.startsWith("file://")) return undefined;
  const path = project.backendUrl.slice("file://".length).split("?")[0] ?? "";
  return resolve(project.dir, path.replace(/^~(?=\/|$)/, homedir()));
}

/** The backend's address for a pulumi that is started in another folder. */
export function absoluteBackendUrl(project: Pick<Project, "dir" | "backendUrl">): string | undefined {
  const folder = backendFolder(project);
  if (!folder) return project.backendUrl;
  const [, query] = /(\?.*)$/.exec(project.backendUrl ?? "") ?? [];
  return `file://${folder}${query ?? ""}`;
}

/** `org/project/dev` and `dev` have the same settings file, Pulumi.dev.yaml, and the same name in a file backend. */
export function shortName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** The state of a stack in a `file://` backend; undefined where there is none. */
export function stateFile(project: Project, stack: string): string | undefined {
  const folder = backendFolder(project);
  if (!folder) return undefined;
  const file = join(folder, ".pulumi", "stacks", project.name, `${shortName(stack)}.json`);
  return [file, `${file}.gz`].find((candidate) => existsSync(candidate));
}

/** The backend in a sentence, without the credentials that the address of a database can hold. */
export function backendInWords(project: Project): string {
  return project.backendUrl?.split("?")[0]?.replace(/\/\/[^/]*@/, "//") ?? "the backend you are logged in to";
}

/** The folder that this machine keeps for a stack: its journal, and the data of an embedded Airbyte. */
export function stackFolder(
  project: Pick<Project, "dir" | "name">,
  stack: string,
  { config = {} }: Pick<StackSettings, "config">,
): string {
  const said = config[`${project.name}:stateDir`];
  return resolve(project.dir, typeof said === "string" && said !== "" ? said : join(".airbyte", shortName(stack)));
}

/**
 * The stack that `pulumi stack init` or `stack select` has selected, which Pulumi notes in its own folder, by the path of Pulumi.yaml and the
 * backend; undefined where none is. Asking Pulumi for it would take half a second every time.
 */
export function selectedStack(project: Project, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const home = filled(env.PULUMI_HOME) ?? join(homedir(), ".pulumi");
  const path = createHash("sha1").update(project.file).digest("hex");
  try {
    const file = join(home, "workspaces", `${project.name}-${path}-workspace.json`);
    const noted = JSON.parse(readFileSync(file, "utf8")) as { stacks?: Record<string, string>; stack?: string };
    const selected = noted.stacks?.[project.backendUrl ?? ""] ?? noted.stack;
    // In a file backend there is but one organization, and one project of this name.
    return backendFolder(project) && selected ? shortName(selected) : selected;
  } catch {
    return undefined;
  }
}
