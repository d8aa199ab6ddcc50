// The state that a stack has once everything is taken over. It is computed by Pulumi itself, on a copy of the stack that is thrown away,
// with a provider that writes nothing: so inputs, outputs, dependencies and encrypted secrets are just what the program registers.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../errors/user-error.ts";
import { Intents } from "../../../providers/airbyte/lifecycle/intents.ts";
import { TAKE_OVER } from "../../../providers/take-over.ts";
import { say } from "../../setup/messages.mjs";
import { onExit, tail } from "../../setup/process.mjs";
import { settingsFile } from "../../stack/config.ts";
import { initStack, type OpenStack } from "../../stack/open-stack.ts";
import { keepTracked } from "../../stack/overlay.ts";
import { backendFolder, shortName, type Project } from "../../stack/project.ts";
import { askPulumi, exportState, importInto, type ExportedState, type StateResource } from "../../stack/state.ts";

/** What is copied. */
interface Copied {
  project: Project;
  stack: string;
  opened: OpenStack;
  before: ExportedState;
}

/** The state of a stack that no run has left half done. */
export async function readState(project: Project, opened: Pick<OpenStack, "env">): Promise<ExportedState> {
  const state = await exportState(project, opened);
  if ((state.deployment.pending_operations ?? []).length > 0) {
    throw new UserError("A run of this stack was cut off.", {
      next: "npm start or npm run refresh, then adopt again.",
    });
  }
  return state;
}

/** @param before the state of now */
export async function computeState({ project, stack, opened, before }: Copied): Promise<ExportedState> {
  requireOwnKey(project, opened, before);
  const folder = mkdtempSync(join(tmpdir(), "airbyte-adopt-"));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const forget = onExit(clean);
  try {
    const copy = await copyStack(folder, { project, stack, opened, before });
    const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      keepTracked(project.dir, () =>
        askPulumi(project, { ...copy, env: { ...copy.env, ...env } }, [...args, ...settingsFile(copy)]),
      );
    say("Pulumi works out the stack's new state …");
    const onlyTakingOver = { [TAKE_OVER]: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
    await refuseForeign(before, () => run(["preview", "--json"], onlyTakingOver));
    const up = await run(["up", "--yes", "--skip-preview", "--color", "never"], onlyTakingOver);
    if (up.code !== 0) throw failed("what is there could not be taken over", up.output);
    const state = withoutAdopt(await readState(project, copy));
    await importInto(project, copy, state);
    const preview = await run(["preview", "--expect-no-changes", "--diff", "--color", "never"]);
    if (preview.code !== 0) throw failed("the next preview would show a change", preview.output);
    return state;
  } finally {
    forget();
    clean();
  }
}

/** The copy lives on this machine, where Pulumi Cloud encrypts nothing. */
function requireOwnKey(project: Project, { settings }: OpenStack, { deployment }: ExportedState): void {
  const type = deployment.secrets_providers?.type;
  const hasKey = Boolean(settings.encryptionsalt ?? settings.secretsprovider) || backendFolder(project) !== undefined;
  if (type === undefined ? hasKey : type !== "service") return;
  throw new UserError(
    "The secrets of this stack are encrypted by Pulumi Cloud, and the new state is worked out without it.",
    { next: "--no-state, and then npm start takes over." },
  );
}

async function copyStack(folder: string, { project, stack, opened, before }: Copied): Promise<OpenStack> {
  const backendUrl = `file://${folder}/state?metadata=skip`;
  mkdirSync(join(folder, "state"));
  const env = { ...opened.env, PULUMI_BACKEND_URL: backendUrl, PULUMI_STACK: shortName(stack) };
  const copy = { ...opened, env };
  await initStack({ ...project, backendUrl }, shortName(stack), env);
  if ((before.deployment.resources ?? []).length > 0) await importInto(project, copy, before);
  return copy;
}

/** Where cloud resources are in the stack too, the run that takes over must not touch them: only this project's own are guarded. */
async function refuseForeign(
  { deployment }: ExportedState,
  preview: () => Promise<{ code: number; stdout: string; output: string }>,
): Promise<void> {
  const isOurs = ({ type }: { type: string }) => /^(pulumi:|pulumi-nodejs:dynamic\/airbyte:)/.test(type);
  if ((deployment.resources ?? []).every(isOurs)) return;
  const { code, stdout, output } = await preview();
  if (code !== 0) throw failed("what is there can't be taken over", output);
  const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
  const foreign = steps.filter(
    ({ op, urn }) =>
      op !== "same" && !urn.includes("pulumi-nodejs:dynamic/airbyte:") && !urn.includes("pulumi:pulumi:Stack::"),
  );
  if (foreign.length === 0) return;
  const names = foreign.map(({ op, urn }) => `${op} ${urn.slice(urn.lastIndexOf("::") + 2)}`).join(", ");
  throw new UserError(`This stack has changes that are not applied yet (${names}).`, {
    next: "npm start, then adopt again.",
  });
}

// It has said what it was there for; the files don't say it any more.
function withoutAdopt(state: ExportedState): ExportedState {
  for (const { inputs } of state.deployment.resources ?? []) if (inputs) delete inputs.adopt;
  return state;
}

/** Puts the state into the stack, unless somebody else has changed that one meanwhile. */
export async function importState(
  project: Project,
  opened: OpenStack,
  before: ExportedState,
  state: ExportedState,
): Promise<void> {
  if (!(await isAsBefore(project, opened, before))) {
    throw new UserError("The stack's state was changed by another run meanwhile, so nothing was done.", {
      next: "adopt again.",
    });
  }
  await importInto(project, opened, state);
}

/** Whether a failed import has left the state alone; a lost answer of a backend doesn't tell. */
export async function isAsBefore(project: Project, opened: OpenStack, before: ExportedState): Promise<boolean> {
  const now = await readState(project, opened).catch(() => undefined);
  return JSON.stringify(now?.deployment) === JSON.stringify(before.deployment);
}

function failed(what: string, output: string): UserError {
  const [, diagnostics] = /\nDiagnostics:\n(.*?)(?=\n(?:Outputs|Resources|Duration):|$)/s.exec(output) ?? [];
  return new UserError(`Nothing was changed: ${what}. Pulumi says:\n\n${diagnostics?.trimEnd() ?? tail(output, 40)}`);
}

/** What an unfinished creation of the kind is found again by, beside the name; see the handlers' `identity`. */
const IDENTITIES: Record<string, readonly string[]> = {
  source: ["definitionId"],
  destination: ["definitionId"],
  connection: ["sourceId", "destinationId"],
  "source-definition": ["dockerRepository"],
  "destination-definition": ["dockerRepository"],
};

/** The journal knows from now on what was taken over, as if the stack had made it. */
export async function noteInJournal(
  folder: string,
  resources: readonly StateResource[],
  before: readonly StateResource[],
): Promise<void> {
  const intents = new Intents(join(folder, "intents.jsonl"));
  const known = new Set(before.map(({ urn }) => urn));
  for (const { urn, id, inputs: given } of resources) {
    const inputs = given as Record<string, string | undefined> | undefined;
    const kind = /\("([\w-]+)"\)$/.exec(inputs?.__provider ?? "")?.[1];
    if (known.has(urn) || id === undefined || kind === undefined || inputs?.declaredAs === undefined) continue;
    if (kind === "default-workspace") continue;
    const identity = Object.fromEntries((IDENTITIES[kind] ?? []).map((key) => [key, inputs[key] ?? ""]));
    const { declaredAs, workspaceId = "", name = "" } = inputs;
    const intent = await intents.begin({ kind, declaredAs, workspaceId, name, identity }, Date.now());
    await intents.created(intent, id);
    await intents.confirm(id);
  }
}
