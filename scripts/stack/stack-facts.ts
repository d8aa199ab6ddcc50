// What the project's own commands know of a stack before they look at its Airbyte: settings, secrets in plain text, outputs.
import { UserError } from "../../errors/user-error.ts";
import { secretAsPlain, type Values } from "../../settings/values.ts";
import { tail } from "../setup/process.mjs";
import { settingsFile } from "./config.ts";
import { askPulumi } from "./state.ts";
import { passphraseProblem, type OpenStack } from "./open-stack.ts";
import { shortName, type Project } from "./project.ts";

/** One value of the stack's configuration, as `pulumi config --show-secrets --json` shows it. */
interface StackValue {
  value?: string;
  secret: boolean;
}

/** A stack as the project's own commands find it. */
export interface StackFacts {
  project: string;
  /** Without organization and project. */
  stack: string;
  /** By full name: `airbyte-on-pulumi:target`. Secrets are in plain text here: nothing of this may be shown. */
  values: Record<string, StackValue>;
  /** Whether `npm start` gives random placeholders to secrets of the pipelines that have no value. */
  fillsSecrets: boolean;
  /** The workspace that the stack has found and kept. */
  keptWorkspaceId?: string | undefined;
  /** Where the Airbyte is that the stack has set up. */
  keptUrl?: string | undefined;
  /** The authority of its certificate, in PEM, where it has one of its own. */
  keptCaCertificate?: string | undefined;
}

/**
 * The facts of an opened stack, over a pipe. Secrets are in plain text in them: nothing of that may be shown.
 *
 * @throws UserError where the settings can't be read
 */
export async function stackFacts(project: Project, stack: string, opened: OpenStack): Promise<StackFacts> {
  const shown = await askPulumi(project, opened, ["config", "--show-secrets", "--json", ...settingsFile(opened)]);
  if (shown.code !== 0) {
    const problem = passphraseProblem(project, stack, opened.env) ?? `Pulumi says: ${tail(shown.output)}`;
    throw new UserError(`The settings of ${stack} can't be read.\n${problem}`);
  }
  const values = JSON.parse(shown.stdout) as StackFacts["values"];
  const { workspaceId, airbyteUrl, airbyteAccess } = await outputsOf(project, opened, stack);
  const platform = values[`${project.name}:platform`]?.value;
  const ofPlatform = airbyteUrl === undefined && platform ? await outputsOf(project, opened, platform) : {};
  return {
    project: project.name,
    stack: shortName(stack),
    values,
    keptWorkspaceId: workspaceId,
    keptUrl: airbyteUrl ?? ofPlatform.airbyteUrl,
    keptCaCertificate: airbyteAccess?.caCertificate,
    fillsSecrets: opened.configFile !== undefined && targetOf({ project: project.name, values }) === "embedded",
  };
}

interface Outputs {
  workspaceId?: string;
  airbyteUrl?: string;
  airbyteAccess?: { caCertificate?: string };
}

async function outputsOf(project: Project, opened: OpenStack, stack: string): Promise<Outputs> {
  const outputs = await askPulumi(project, opened, ["stack", "output", "--json", "--stack", stack]);
  return outputs.code === 0 ? (JSON.parse(outputs.stdout) as Outputs) : {};
}

/** Where its Airbyte runs. */
export function targetOf(known: Pick<StackFacts, "project" | "values">): string {
  return setting(known, "target") ?? "embedded";
}

/**
 * A stack's values as what references in pipelines.yaml stand for. A secret that is referred to as a plain value is refused, as the
 * program does: it would show in messages.
 */
export function valuesOf(facts: Pick<StackFacts, "project" | "values">): Values {
  const get = lookUp(facts);
  return {
    secret: get,
    config(name) {
      if (!isSecret(facts, name)) return get(name);
      throw secretAsPlain(name);
    },
  };
}

/** Whether the stack keeps the value encrypted. */
export function isSecret({ project, values }: Pick<StackFacts, "project" | "values">, name: string): boolean {
  return values[`${project}:${name}`]?.secret === true;
}

/** A stack's values as Pulumi hands them over in `configure`: a bare key belongs to the project. */
export function lookUp({
  project,
  values,
}: Pick<StackFacts, "project" | "values">): (key: string) => string | undefined {
  return (key) => values[key.includes(":") ? key : `${project}:${key}`]?.value;
}

/** A setting of the stack; what was emptied (`config set KEY ""`) isn't set. */
export function setting(facts: Pick<StackFacts, "project" | "values">, key: string): string | undefined {
  const value = lookUp(facts)(key);
  return value === "" ? undefined : value;
}
