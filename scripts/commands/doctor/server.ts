// An Airbyte, step by step: is it there, is it one, is it well, does it take the credentials, has it what the pipelines use.
import { isUserError } from "../../../errors/user-error.ts";
import { issueInWords } from "../../../errors/zod-issues.ts";
import { configApiRoot, publicApiRoot } from "../../../providers/airbyte/api/address.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { ClientOptions } from "../../../providers/airbyte/api/call.ts";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { WAIT } from "../../../providers/airbyte/api/waits.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { isLoopback } from "../../../settings/values.ts";
import {
  explainCredentials,
  explainInterrupted,
  explainOther,
  explainRedirect,
  explainStranger,
  explainTls,
  explainUnreachable,
  type Address,
  type Explanation,
  type Report,
  type SignIn,
} from "./report.ts";

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
  report.fail(step, found, next);
  return step;
}

/** What one anonymous call tells: whether the server is there, whom it says it is, and how it is. Returns the step that failed. */
async function checkHealth(report: Report, client: Client, address: Address): Promise<Step | undefined> {
  const { protocol, host, hostname } = new URL(address.root);
  const waiting = setTimeout(() => console.error(`  … no answer from ${host} yet; this can take a minute`), 3_000);
  const answer = await askHealth(client).finally(() => clearTimeout(waiting));

  if (answer?.code === "unreachable") return fail(report, "reach", explainUnreachable(answer, address));
  if (answer?.code === "interrupted") return fail(report, "reach", explainInterrupted(answer, address));
  report.ok("reach", host);

  if (answer?.code === "tls") return fail(report, "TLS", explainTls(answer, address));
  if (protocol === "https:") report.ok("TLS", `the certificate is good${address.ownCa ? ", by caCertificate" : ""}`);
  else if (isLoopback(hostname)) report.ok("TLS", "none, and none is needed on this machine");
  else report.info("TLS", "none: client secret and token go over the network unencrypted; use https");

  if (answer === undefined) report.ok("health", "Airbyte says that it is well");
  // An old server has the config API alone, and answers there.
  else if (await client.answers("config", "/health"))
    report.ok("health", "Airbyte says that it is well, by its config API");
  else return fail(report, "health", explainHealth(answer, address));
  return undefined;
}

/** `GET /health` answers in plain text (`Successful operation`), without a token; a page of HTML is none of Airbyte's. */
async function askHealth(client: Client): Promise<AirbyteError | undefined> {
  try {
    await client.call({ method: "GET", path: "/health", timeoutMs: WAIT.call.probeMs });
    return undefined;
  } catch (error) {
    if (!(error instanceof AirbyteError)) throw error;
    return error;
  }
}

function explainHealth(error: AirbyteError, address: Address): Explanation {
  const { status = 0, code, serverMessage } = error;
  if (code === "redirect") return explainRedirect(error, address);
  if (status === 401 || status === 403) {
    return {
      found: `a login is asked for before Airbyte is reached (${status}: ${serverMessage}); Airbyte itself asks for none here`,
      next: "let the API (/api) pass the proxy or gateway in front of Airbyte",
    };
  }
  if (status < 500) return explainStranger(error, address);
  return {
    found: `Airbyte, or the gateway in front of it, is not well (${status}: ${serverMessage})`,
    next: "if it is starting, try again in some minutes; else look into the logs of its server and database",
  };
}

/** A source or destination of the pipelines, and the connector that it wants: by id, or by name. */
export interface Used {
  kind: ActorKind;
  name: string;
  definitionId?: string | undefined;
  connector?: string | undefined;
}

/** What is known of the connectors: their count, what is wrong, or undefined where this Airbyte doesn't tell. */
export async function checkDefinitions(
  { api, connectors }: Pick<Context, "api" | "connectors">,
  workspaceId: string,
  used: readonly Used[],
): Promise<{ counts: string } | Explanation | undefined> {
  const counts: string[] = [];
  const mistakes: string[] = [];
  for (const kind of ["source", "destination"] as const) {
    const known = await listOrNothing(() => connectors.list(kind, workspaceId));
    if (known.length === 0) return undefined;
    counts.push(`${known.length} ${kind} connectors`);
    for (const { name, definitionId, connector } of used.filter((one) => one.kind === kind)) {
      const found =
        connector === undefined
          ? !api.hasConfigApi || // the public registry has no connectors of one's own
            known.some(({ id }) => id === definitionId) || {
              mistake: { path: ["definitionId"], text: `no ${kind} connector has the id ${definitionId}` },
            }
          : await connectors.resolve(kind, connector, workspaceId);
      if (found !== true && "mistake" in found) mistakes.push(`\n  ${kind}s.${name}.${issueInWords(found.mistake)}`);
    }
  }
  if (mistakes.length === 0) return { counts: counts.join(", ") };
  return {
    found: `${counts.join(", ")}, and not what the pipelines use:${mistakes.join("")}`,
    next: "correct connector or definitionId there, or add the connector in Airbyte (Settings > Sources, Destinations)",
  };
}

/** The list is in the older API, which a gateway may keep back, or Airbyte's registry, which may be out of reach; no resource needs it. */
async function listOrNothing<T>(list: () => Promise<T[]>): Promise<T[]> {
  try {
    return await list();
  } catch (error) {
    if (isUserError(error) && error.code === "registry") return [];
    if (error instanceof AirbyteError && (error.status === 404 || error.status === 403)) return [];
    throw error;
  }
}
