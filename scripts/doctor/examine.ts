import type { Settings } from "../../infra/config.ts";
import type { Pipelines } from "../../infra/pipelines.ts";
import type { ActorKind } from "../../providers/airbyte/api/airbyte-api.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { examineAirbyte, steps, type Patient } from "./airbyte.ts";
import { examineConnectors } from "./connectors.ts";
import { examineConfiguration, examinePipelines, type StackFacts } from "./configuration.ts";
import type { Used } from "./definitions.ts";
import { examineEmbedded } from "./embedded.ts";
import type { Report } from "./report.ts";

/** Everything about a stack: its settings, its pipelines, its Airbyte. Works before the first `up`. */
export async function examine(report: Report, facts: StackFacts): Promise<void> {
  const settings = examineConfiguration(report, facts);
  if (!settings) {
    report.untried(steps, "not tried with these settings");
    return;
  }
  const pipelines = examinePipelines(report, facts, settings);
  if (settings.target === "embedded") await examineConnectors(report, settings);
  if (settings.target === "docker" || settings.target === "aws") {
    report.untried(
      steps,
      `not tried on the target ${settings.target}: up itself waits for its Airbyte, and says what is wrong`,
    );
    return;
  }
  const url = settings.target === "embedded" ? await examineEmbedded(report, settings) : settings.url;
  if (url === undefined) {
    const made = report.failures.includes("embedded") ? "not tried: it doesn't run" : "when it is there";
    report.untried(steps, made);
    return;
  }
  await examineAirbyte(report, patient(facts, settings, url, pipelines));
}

function patient(facts: StackFacts, settings: Settings, url: string, pipelines: Pipelines | undefined): Patient {
  // The same lookup as Pulumi's in `configure`: a bare key belongs to the project.
  const get = (key: string) => facts.values[key.includes(":") ? key : `${facts.project}:${key}`]?.value;
  const inputs = { airbyteUrl: url, declaredAs: `${facts.stack}/doctor` };
  const existing = settings.target === "existing" ? settings : undefined;
  return {
    url,
    apiRoot: existing?.apiRoot,
    caCertificate: existing?.caCertificate,
    auth: existing?.auth ?? "application",
    basic:
      existing?.auth === "basic"
        ? { basicUsername: existing.basicUsername, basicPassword: get("basicPassword") }
        : undefined,
    workspaceId: settings.workspaceId ?? facts.keptWorkspaceId,
    used: [...used("source", pipelines), ...used("destination", pipelines)],
    open: () => new Session({ get }).context(inputs),
  };
}

function used(kind: ActorKind, pipelines: Pipelines | undefined): Used[] {
  const declared = Object.entries(pipelines?.[`${kind}s`] ?? {});
  return declared.map(([name, { definitionId, connector }]) => ({ kind, name, definitionId, connector }));
}
