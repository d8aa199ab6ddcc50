import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { StopError } from "./stop.mjs";

/** What set-up needs to know of Pulumi.yaml. PULUMI_BACKEND_URL wins over the file, as it does for pulumi. */
export function readProject(dir, env = process.env) {
  const file = join(dir, "Pulumi.yaml");
  const settings = parseProject(file);
  const project = { dir, file, name: settings.name, backendUrl: env.PULUMI_BACKEND_URL || settings.backend?.url };
  // Pulumi reads the folder of the state as a URL, in which these are something else.
  const odd = /[#?%]/.exec(dir)?.[0];
  if (odd && backendFolder(project)?.startsWith(dir))
    throw new StopError(
      `Pulumi can't keep its state under a path with "${odd}" in it: rename or move the folder ${dir}`,
    );
  return project;
}

function parseProject(file) {
  let why = "it has no name";
  try {
    const settings = parse(readFileSync(file, "utf8"));
    if (typeof settings?.name === "string") return settings;
  } catch (error) {
    why = error.message;
  }
  throw new StopError(`Pulumi.yaml can't be read: ${why}\nMend it, or get it back: git checkout Pulumi.yaml`);
}

/** The folder of a `file://` backend; undefined for every other backend. */
export function backendFolder(project) {
  if (!project.backendUrl?.startsWith("file://")) return undefined;
  const path = project.backendUrl.slice("file://".length).split("?")[0];
  return resolve(project.dir, path.replace(/^~(?=\/|$)/, homedir()));
}

/** The backend's address for a pulumi that is started in another folder. */
export function absoluteBackendUrl(project) {
  const folder = backendFolder(project);
  if (!folder) return project.backendUrl;
  const query = project.backendUrl.includes("?") ? project.backendUrl.slice(project.backendUrl.indexOf("?")) : "";
  return `file://${folder}${query}`;
}

/** `org/project/dev` and `dev` have the same settings file, Pulumi.dev.yaml, and the same name in a file backend. */
export function shortName(stack) {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** The state of a stack in a `file://` backend; undefined where there is none. */
export function stateFile(project, stack) {
  const folder = backendFolder(project);
  if (!folder) return undefined;
  const file = join(folder, ".pulumi", "stacks", project.name, `${shortName(stack)}.json`);
  return [file, `${file}.gz`].find((candidate) => existsSync(candidate));
}

/** The backend in a sentence, without the credentials that the address of a database can hold. */
export function backendInWords(project) {
  return project.backendUrl?.split("?")[0].replace(/\/\/[^/]*@/, "//") ?? "the backend you are logged in to";
}

/** The folder that this machine keeps for a stack: its journal, and the data of an embedded Airbyte. */
export function stackFolder(project, stack, settings) {
  return resolve(project.dir, settings.config?.[`${project.name}:stateDir`] || join(".airbyte", shortName(stack)));
}

/**
 * The stack that `pulumi stack init` or `stack select` has selected, which Pulumi notes in its own folder, by the path of Pulumi.yaml and the
 * backend; undefined where none is. Asking Pulumi for it would take half a second every time.
 */
export function selectedStack(project, env = process.env) {
  const home = env.PULUMI_HOME || join(homedir(), ".pulumi");
  const path = createHash("sha1").update(project.file).digest("hex");
  try {
    const noted = JSON.parse(readFileSync(join(home, "workspaces", `${project.name}-${path}-workspace.json`), "utf8"));
    const selected = noted.stacks?.[project.backendUrl] ?? noted.stack;
    // In a file backend there is but one organization, and one project of this name.
    return backendFolder(project) && selected ? shortName(selected) : selected;
  } catch {
    return undefined;
  }
}
