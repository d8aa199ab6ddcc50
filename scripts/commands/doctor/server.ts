import { nextStep } from "../../../errors/user-error.ts";
import { configApiRoot, publicApiRoot } from "../../../providers/airbyte/api/address.ts";
import type { ClientOptions } from "../../../providers/airbyte/api/call.ts";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { checkDefinitions, type Used } from "./definitions.ts";
import { checkHealth } from "./health.ts";
import { explainCredentials, explainOther, explainStranger } from "./explain.ts";
import type { Address, Explanation, SignIn } from "./explain.ts";
import type { Report } from "./report.ts";

/** The steps that ask the server, in their order. */
export const steps = ["reach", "TLS", "health", "token", "workspace", "definitions"] as const;
type Step = (typeof steps)[number];

/** An Airbyte to examine. */
export interface Patient {
  url: string;
  /** Root of its API, where that is at an unusual place. */
  apiRoot?: string | undefined;
  caCertificate?: string | undefined;
  allowPlainHttp?: boolean | undefined;
  signIn: SignIn;
  /** What a proxy in front of everything may ask for, also of those that only ask how it is. */
  basic?: Pick<ClientOptions, "basicUsername" | "basicPassword"> | undefined;
  /** The workspace that the settings name, or else that the stack has kept. */
  workspaceId?: string | undefined;
  /** The pipelines' sources and destinations. */
  used: readonly Used[];
  /** Its API, with the stack's credentials. */
  open(): Promise<Pick<Context, "api" | "connectors">>;
}

/** Tries an Airbyte step by step, and stops at the first one that fails. */
export async function examineAirbyte(report: Report, patient: Patient): Promise<void> {
  const { url, caCertificate, allowPlainHttp, basic, signIn } = patient;
  const root = patient.apiRoot ?? publicApiRoot(url);
  const configRoot = configApiRoot(root);
  const client = new Client({ root, configRoot, caCertificate, allowPlainHttp, ...basic });
  const address = { root, ownCa: caCertificate !== undefined, signIn };
  const health = await checkHealth(report, client, address).finally(() => client.close());
  const failed: Step | undefined = health ?? (await examineInside(report, patient, address));
  if (failed !== undefined) report.untried(steps.slice(steps.indexOf(failed) + 1), `not tried after ${failed}`);
}

/** What needs credentials. Returns the step that failed. */
async function examineInside(report: Report, patient: Patient, address: Address): Promise<Step | undefined> {
  let airbyte: Awaited<ReturnType<Patient["open"]>>;
  let workspaces: Workspace[];
  try {
    airbyte = await patient.open();
    workspaces = await airbyte.api.listWorkspaces();
  } catch (error) {
    const step = isAboutToken(error, patient.signIn) ? "token" : "workspace";
    if (step === "workspace") report.ok("token", GIVEN[patient.signIn]);
    return fail(report, step, explainAnswer(error, address, patient.signIn));
  }
  report.ok("token", GIVEN[patient.signIn]);

  const found = chooseWorkspace(patient.workspaceId, workspaces);
  if ("next" in found) return fail(report, "workspace", found);
  report.ok("workspace", `${found.workspaceId} ${found.name ?? ""}`.trimEnd());

  try {
    const definitions = await checkDefinitions(airbyte, found.workspaceId, patient.used);
    if (definitions && "next" in definitions) return fail(report, "definitions", definitions);
    if (definitions) report.ok("definitions", `${definitions.counts}; all that the pipelines use are there`);
    else report.info("definitions", "this Airbyte doesn't list its connectors; a wrong one shows at npm start");
    return undefined;
  } catch (error) {
    return fail(report, "definitions", explainAnswer(error, address, patient.signIn));
  }
}

const GIVEN: Record<SignIn, string> = {
  derived: "given for the credentials that come from rootSecret",
  application: "given for the stack's clientId and clientSecret",
  bearer: "the stack's bearerToken is taken",
  basic: "the stack's basicUsername and basicPassword are taken",
  none: "none is asked for",
};

/**
 * Opening fails before the first call only where there is nothing to get a token with; where no token is fetched, any
 * call shows whether the credentials are good.
 */
function isAboutToken(error: unknown, signIn: SignIn): boolean {
  if (!(error instanceof AirbyteError)) return true;
  return error.beforeSending || (!fetchesToken(signIn) && error.code === "credentials");
}

function fetchesToken(signIn: SignIn): boolean {
  return signIn === "application" || signIn === "derived";
}

function explainAnswer(error: unknown, address: Address, signIn: SignIn): Explanation {
  if (!(error instanceof AirbyteError)) return explainOther(error);
  const aboutToken = isAboutToken(error, signIn);
  if (error.code === "credentials" && aboutToken) return explainCredentials(error, signIn);
  if (error.code === "notAirbyte") return explainStranger(error, address);
  if (error.status === 404 && aboutToken) return explainStranger(error, address);
  return explainOther(error);
}

interface Workspace {
  workspaceId: string;
  name?: string | undefined;
}

function chooseWorkspace(wanted: string | undefined, all: Workspace[]): Workspace | Explanation {
  const set = "npm run pulumi -- config set workspaceId ID";
  const list = all.map(({ workspaceId, name }) => `\n  ${workspaceId}  ${name ?? ""}`).join("");
  if (all.length === 0) {
    const next = "give the application's user access to a workspace";
    return { found: "this application sees no workspace", next };
  }
  if (wanted !== undefined) {
    const found = all.find(({ workspaceId }) => workspaceId === wanted);
    return found ?? { found: `there is no workspace ${wanted} here; there is:${list}`, next: `choose one: ${set}` };
  }
  const [only] = all;
  if (all.length === 1 && only) return only;
  return { found: `there are ${all.length}, and the stack doesn't say which:${list}`, next: `choose one: ${set}` };
}

function fail(report: Report, step: Step, { found, next }: Explanation): Step {
  report.fail(step, found, nextStep(next));
  return step;
}
