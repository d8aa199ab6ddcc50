import type { Settings } from "../../../settings/config.ts";
import type { Pipelines } from "../../../declaration/declare.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import { accessTo, addressOf, openAirbyte, workspaceOf } from "../../stack/airbyte.ts";
import { setting, type StackFacts } from "../../stack/stack-facts.ts";
import { examineAirbyte, steps, type Patient } from "./server.ts";
import { examineConnectors } from "./embedded.ts";
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
  const used = [...usedBy(pipelines, "source"), ...usedBy(pipelines, "destination")];
  const entry = { airbyteUrl: url, declaredAs: `${facts.stack}/doctor` };
  const { caCertificate } = isOwn(settings) ? await accessTo(facts).enter(entry) : {};
  await examineAirbyte(report, { caCertificate, ...patient(facts, settings, url), used });
  return url;
}

/** Whether the program itself sets its Airbyte up, outside of this process. */
function isOwn({ target }: Settings): boolean {
  return target === "docker" || target === "aws" || target === "kubernetes";
}

async function whereItIs(report: Report, facts: StackFacts, settings: Settings): Promise<string | undefined> {
  if (settings.target === "embedded") return examineEmbedded(report, settings);
  return addressOf(facts);
}

function patient(facts: StackFacts, settings: Settings, url: string): Omit<Patient, "used"> {
  const common = {
    url,
    workspaceId: workspaceOf(facts),
    open: () => openAirbyte(facts, url),
  };
  if (settings.target !== "existing") return { ...common, signIn: isOwn(settings) ? "derived" : "application" };
  const { apiRoot, caCertificate, allowPlainHttp, auth, basicUsername } = settings;
  const basic = auth === "basic" ? { basicUsername, basicPassword: setting(facts, "basicPassword") } : undefined;
  return { ...common, apiRoot, caCertificate, allowPlainHttp, signIn: auth, basic };
}

/** But for what is made with a connector that is declared itself (`definition`): that one may be still to come. */
function usedBy(pipelines: Pipelines | undefined, kind: ActorKind): Used[] {
  const all = Object.entries(pipelines?.[`${kind}s`] ?? {});
  const declared = all.filter(([, { definition }]) => definition === undefined);
  return declared.map(([name, { definitionId, connector }]) => ({ kind, name, definitionId, connector }));
}
