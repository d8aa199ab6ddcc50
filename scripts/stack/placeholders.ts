import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { askPulumi, settingsFile } from "./ask-pulumi.ts";
import { withLock } from "../setup/folders.mjs";
import { readSettings } from "./overlay.ts";
import type { Project, StackSettings } from "./project.ts";
import { tail } from "../setup/process.mjs";
import { say } from "../setup/progress.mjs";
import { passphraseProblem, type OpenStack } from "./open-stack.ts";
import { StopError } from "../setup/stop.mjs";

/** The secrets of the pipelines.yaml that this project comes with. */
export const sampleSecrets = ["googleServiceAccount", "warehousePassword"];

/**
 * On the embedded Airbyte, a trial, secrets that the pipelines use and that have no value yet get a random one, so that the first
 * `npm start` needs no account anywhere. Only in the overlay: settings that a user manages are not ours to fill.
 *
 * Once there is something to lose, a name without a value is more likely a slip, for which the program names the nearest: so after the
 * first use `up` fills the sample's names only, and `preview`, which should write nothing, none at all.
 */
export async function fillPlaceholders(
  project: Project,
  opened: Pick<OpenStack, "env" | "settings" | "configFile">,
  verb: string | undefined,
  firstUse: boolean,
): Promise<void> {
  const { configFile } = opened;
  if (configFile === undefined || !(verb === "up" || (verb === "preview" && firstUse))) return;
  const mayFill = (name: string) => (verb === "up" && firstUse) || sampleSecrets.includes(name);
  const missingIn = async (settings: StackSettings) => (await missingSecrets(project, settings)).filter(mayFill);
  if ((await missingIn(opened.settings)).length === 0) return;
  await withLock(join(dirname(configFile), "lock"), async () => {
    const missing = await missingIn(readSettings(configFile)); // another run may have been faster
    for (const name of missing) await fill(name, project, opened);
    if (missing.length === 0) return;
    say(`Filled with random placeholders, since they have no value yet: ${missing.join(", ")}. The real ones:`);
    for (const name of missing) say(`  npm run pulumi -- config set --secret ${name}`);
  });
}

async function fill(name: string, project: Project, opened: Pick<OpenStack, "env" | "configFile">): Promise<void> {
  // over stdin: arguments can be read by every process of the machine
  const args = ["config", "set", "--secret", name, ...settingsFile(opened)];
  const set = await askPulumi(project, opened, args, newPlaceholder());
  if (set.code !== 0)
    throw new StopError(
      passphraseProblem(project, opened.env.PULUMI_STACK ?? "", opened.env) ??
        `The secret ${name} could not be set. Pulumi says:\n\n${tail(set.output)}`,
    );
}

async function missingSecrets(project: Project, settings: StackSettings): Promise<string[]> {
  const { secretNames } = await import("../../declaration/names.ts");
  const config = settings.config ?? {};
  try {
    const names = secretNames(project.dir, config[`${project.name}:pipelines`] as string | undefined);
    return names.filter((name) => config[name.includes(":") ? name : `${project.name}:${name}`] === undefined);
  } catch {
    return []; // mistakes in the pipelines: the program itself reports them, all at once
  }
}

const START = "placeholder-";

/** A secret that opens nothing, for a trial that needs no account anywhere. */
export function newPlaceholder(): string {
  return START + randomBytes(12).toString("hex");
}

export function isPlaceholder(value: string): boolean {
  return /^[0-9a-f]{24}$/.test(value.startsWith(START) ? value.slice(START.length) : "");
}
