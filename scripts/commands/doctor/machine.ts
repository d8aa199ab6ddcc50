// npm run doctor: what this machine, the stack's settings and the configured Airbyte are like, and what to mend.
import { isUserError } from "../../../errors/user-error.ts";
import { isWithoutCode } from "../../../providers/without-code.ts";
import { readResources, resourcesOf, stackNames } from "../../stack/state.ts";
import { readSettings, trackedFile } from "../../stack/overlay.ts";
import { quietly, tail } from "../../setup/process.mjs";
import { choosePython, pythonsOnPath } from "../../setup/python.mjs";
import { backendInWords, readProject, shortName, type Project, type StackSettings } from "../../stack/project.ts";
import { npmStart, openStack, stackExists, type OpenStack } from "../../stack/open-stack.ts";
import { nodeMinimum } from "../../setup/versions.mjs";
import { stackFacts, targetOf, type StackFacts } from "../../stack/stack-facts.ts";
import type { Call } from "../command.ts";
import { examine } from "./examine.ts";
import { Report } from "./report.ts";

/** Prints what it finds and resolves with the exit code: 1 if something is wrong. */
export async function examineAll({ projectDir, stack, env }: Call): Promise<number> {
  const project = readProject(projectDir, env);
  process.chdir(projectDir); // paths in the settings are relative to the project

  const report = new Report();
  await examineMachine(report, env);
  const facts = await readStack(report, project, stack, env);
  process.env.PULUMI_STACK = stack; // for the commands that messages name
  if (facts) await examine(report, facts);
  return report.conclude();
}

async function examineMachine(report: Report, env: NodeJS.ProcessEnv): Promise<void> {
  report.ok("Node", `${process.versions.node} (${nodeMinimum} or newer is needed)`);
  const pulumi = await quietly("pulumi", ["version"], { env, timeout: 15_000 });
  if (pulumi.code === 0) report.ok("Pulumi", pulumi.stdout.trim());
  else report.fail("Pulumi", `"pulumi version" fails: ${tail(pulumi.output, 3)}`, "install Pulumi anew");
  report.info("Python", await pythonInWords(env));
}

/** Python is no must: without it Airbyte's own connectors are simulated. */
async function pythonInWords(env: NodeJS.ProcessEnv): Promise<string> {
  const found = choosePython(await pythonsOnPath(env));
  if (found.missing !== undefined) return found.missing;
  return `${found.version}, for Airbyte's own connectors`;
}

/** The stack's settings with secrets in plain text, over a pipe; undefined where they can't be read. */
async function readStack(
  report: Report,
  project: Project,
  stack: string,
  env: NodeJS.ProcessEnv,
): Promise<StackFacts | undefined> {
  if (!(await stackExists(project, stack, env))) {
    // A doctor makes no stack. The tracked settings can be judged all the same; secrets can only be set in a stack.
    const others = await stackNames(project, env);
    const there = others.length > 0 ? ` (there are: ${others.join(", ")})` : "";
    report.info("stack", `${stack} is not made yet in ${backendInWords(project)}${there}; ${npmStart(stack)} makes it`);
    const values = plainValues(project, readSettings(trackedFile(project, stack)));
    const known = { project: project.name, values };
    return { ...known, stack: shortName(stack), fillsSecrets: targetOf(known) === "embedded" };
  }
  const opened = await openStack(project, stack, env, { create: false });
  try {
    await examineState(report, project, stack, opened);
    return await stackFacts(project, stack, opened);
  } catch (error) {
    if (!isUserError(error)) throw error;
    report.fail("stack", error.message);
    return undefined;
  }
}

async function examineState(report: Report, project: Project, stack: string, opened: OpenStack): Promise<void> {
  const resources = resourcesOf(project, stack) ?? (await readResources(project, opened));
  const stuck = resources.filter(isWithoutCode).map(({ urn }) => urn.split("::").slice(2).join(" "));
  if (stuck.length === 0) return;
  const found = `nothing can be refreshed or destroyed ("code must be a string, not undefined"): an earlier version left half made`;
  report.fail("state", `${found}: ${stuck.join(", ")}`, `${npmStart(stack)}, or any other command, mends it`);
}

/** Settings as `pulumi config --json` would show them, from the files; what is encrypted there counts as not set. */
function plainValues(project: Project, tracked: StackSettings): StackFacts["values"] {
  const ofProject = readSettings(project.file).config as Record<string, { default?: unknown }> | undefined;
  const defaults = Object.entries(ofProject ?? {}).map(([key, { default: value }]): [string, unknown] => {
    return [`${project.name}:${key}`, value];
  });
  const all = [...defaults, ...Object.entries(tracked.config ?? {})];
  const isMap = (value: unknown): value is object => typeof value === "object" && value !== null;
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const readable = all.filter(([, value]) => !(isMap(value) && "secure" in value));
  return Object.fromEntries(readable.map(([name, value]) => [name, { value: text(value ?? ""), secret: false }]));
}
