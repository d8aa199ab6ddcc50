import type { Settings } from "../../settings/config.ts";
import type { Pipelines } from "../../declaration/declare.ts";
import type { ActorKind } from "../../providers/airbyte/api/airbyte-api.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { lookUp, type StackFacts } from "../stack-values.ts";
import { examineAirbyte, steps, type Patient } from "./airbyte.ts";
import { examineConnectors } from "./connectors.ts";
import { examineConfiguration, examinePipelines } from "./configuration.ts";
import type { Used } from "./definitions.ts";
import { examineEmbedded } from "./embedded.ts";
import type { Report } from "./report.ts";

/** Everything about a stack: its settings, its pipelines, its Airbyte. Works before the first `up`. Returns where its Airbyte is. */
export async function examine(report: Report, facts: StackFacts): Promise<string | undefined> {
  const settings = examineConfiguration(report, facts);
  if (!settings) {
    report.untried(steps, "not tried with these settings");
    return undefined;
  }
  const pipelines = examinePipelines(report, facts, settings);
  if (settings.target === "embedded") await examineConnectors(report, settings);
  const url = await whereItIs(report, facts, settings);
  if (url === undefined) {
    const made = report.failures.includes("embedded") ? "not tried: it doesn't run" : "when it is there";
    report.untried(steps, made);
    return undefined;
  }
  const get = lookUp(facts);
  const used = [...usedBy(pipelines, "source"), ...usedBy(pipelines, "destination")];
  const inputs = { airbyteUrl: url, declaredAs: `${facts.stack}/doctor` };
  const { caCertificate } = isOwn(settings) ? await new Access({ get }).enter(inputs) : {};
  await examineAirbyte(report, { caCertificate, ...patient(facts, settings, url, get), used });
  return url;
}

/** Whether the program itself sets its Airbyte up, outside of this process. */
function isOwn({ target }: Settings): boolean {
  return target === "docker" || target === "aws" || target === "kubernetes";
}

async function whereItIs(report: Report, facts: StackFacts, settings: Settings): Promise<string | undefined> {
  if (settings.target === "embedded") return examineEmbedded(report, settings);
  return (settings.target === "existing" ? settings.url : undefined) ?? facts.keptUrl;
}

function patient(
  facts: StackFacts,
  settings: Settings,
  url: string,
  get: (key: string) => string | undefined,
): Omit<Patient, "used"> {
  const common = {
    url,
    workspaceId: settings.workspaceId ?? facts.keptWorkspaceId,
    open: () => new Session(new Access({ get })).context({ airbyteUrl: url, declaredAs: `${facts.stack}/doctor` }),
  };
  if (settings.target !== "existing") return { ...common, signIn: isOwn(settings) ? "derived" : "application" };
  const { apiRoot, caCertificate, allowPlainHttp, auth, basicUsername } = settings;
  const basic = auth === "basic" ? { basicUsername, basicPassword: get("basicPassword") } : undefined;
  return { ...common, apiRoot, caCertificate, allowPlainHttp, signIn: auth, basic };
}

function usedBy(pipelines: Pipelines | undefined, kind: ActorKind): Used[] {
  const declared = Object.entries(pipelines?.[`${kind}s`] ?? {});
  return declared.map(([name, { definitionId, connector }]) => ({ kind, name, definitionId, connector }));
}
