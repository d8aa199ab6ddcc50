// A stack's settings, its pipelines and its Airbyte, step by step.
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { loadPipelines, type Pipelines } from "../../../declaration/declare.ts";
import { publishedSources } from "../../../embedded/connectors/published.ts";
import { pythonsOnPath, whyNoPython } from "../../../embedded/connectors/python/environments.ts";
import {
  ensureRunning,
  hasData,
  patienceMs,
  patientProbe,
  portTaken,
  probe,
  readAddress,
} from "../../../embedded/index.ts";
import { ConfigurationError } from "../../../errors/user-error.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import { readConfig, type EmbeddedSettings, type Settings } from "../../../settings/config.ts";
import { stackValues } from "../../../settings/stack-config.ts";
import { accessTo, addressOf, openAirbyte, workspaceOf } from "../../stack/airbyte.ts";
import { setting, type StackFacts } from "../../stack/stack-facts.ts";
import type { Report } from "./report.ts";
import { examineAirbyte, steps, type Patient, type Used } from "./server.ts";

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

/** Checks settings and pipelines just as the program does; undefined where the settings have mistakes. */
function examineConfiguration(report: Report, facts: StackFacts): Settings | undefined {
  const { project, stack, values } = facts;
  // The program reads its settings through Pulumi's SDK, which gets them from the engine; here they are handed over.
  pulumi.runtime.resetOptions(project, stack, -1, "", "", true, "");
  const named = Object.entries(values).map(([name, { value = "" }]) => [name, value] as const);
  const secrets = Object.keys(values).filter((name) => values[name]?.secret);
  pulumi.runtime.setAllConfig(Object.fromEntries(named), secrets);
  try {
    const settings = readConfig(new pulumi.Config(project));
    report.ok("configuration", `stack ${stack}, target ${settings.target}`);
    return settings;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    report.fail("configuration", error.message.replaceAll("pulumi config", "npm run pulumi -- config"));
    return undefined;
  }
}

/** Checks the files of the pipelines; undefined where they have mistakes. */
function examinePipelines(report: Report, facts: StackFacts, { pipelines }: Settings): Pipelines | undefined {
  const missing = new Set<string>();
  const values = stackValues(new pulumi.Config(facts.project));
  const secret = (name: string) => values.secret(name) ?? (facts.fillsSecrets ? missing.add(name) && "" : undefined);
  try {
    const declared = loadPipelines(process.cwd(), pipelines, { ...values, secret });
    const counts = Object.entries(declared).map(([kind, all]) => [Object.keys(all).length, kind] as const);
    const some = counts.filter(([count]) => count > 0).map((words) => words.join(" "));
    report.ok("pipelines", `${some.join(", ") || "nothing is declared"} in ${pipelines}`);
    if (missing.size > 0) {
      const names = [...missing].join(", ");
      report.info(
        "secrets",
        `without a value: ${names}; on the embedded Airbyte npm start fills them with placeholders`,
      );
    }
    return declared;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    report.fail("pipelines", error.message.replaceAll("pulumi config", "npm run pulumi -- config"));
    return undefined;
  }
}

/**
 * Says how the embedded Airbyte is, and starts the one of an existing stack as every command does. Returns its address;
 * undefined where there is none to examine: not made yet, or it can't be started.
 */
async function examineEmbedded(report: Report, settings: EmbeddedSettings): Promise<string | undefined> {
  const folder = join(settings.stateDir, "embedded");
  const port = readAddress(folder)?.port ?? settings.embedded.port;
  if (!hasData(folder)) {
    // Made now, it would be there after an `up` that never comes, and nothing would take it away.
    if (port !== undefined && (await probe(port, folder, 3_000)) !== "nobody") {
      report.fail("embedded", portTaken(port));
      return undefined;
    }
    const where = `port ${port ?? "chosen then"}, data in ${folder}`;
    report.info("embedded", `not made yet; npm start makes and starts it (${where})`);
    return undefined;
  }
  const before = port === undefined ? "nobody" : await patientProbe(port, folder, patienceMs);
  try {
    const { url, pid } = await ensureRunning(folder);
    const ran = typeof before !== "string" && before.pid === pid;
    report.ok("embedded", `${ran ? "runs" : "stood still, and is started now"}: ${url}, data in ${folder}`);
    return url;
  } catch (error) {
    report.fail("embedded", error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Says which connectors of the embedded Airbyte are Airbyte's own and which are simulated, and why. Installs nothing. */
export async function examineConnectors(
  report: Report,
  { embedded: { connectors = "auto" } }: EmbeddedSettings,
  pythons = pythonsOnPath(),
): Promise<void> {
  if (connectors === "simulated") {
    report.info("connectors", "simulated, as embedded.connectors says");
    return;
  }
  const there = await pythons;
  const named = publishedSources.map(({ type, needsAccount = false }) => {
    return { type, needsAccount, missing: whyNoPython(there, `source-${type}`) };
  });
  const real = named.filter(({ missing, needsAccount }) => !missing && (connectors === "real" || !needsAccount));
  const account = named.filter(({ missing, needsAccount }) => !missing && needsAccount && connectors === "auto");
  const reasons = [...new Set(named.flatMap(({ missing }) => missing ?? []))];
  const lines = [
    ...(real.length > 0 ? [`real: ${list(real)} (installed on first use)`] : []),
    ...(account.length > 0
      ? [`real spec and check, simulated streams: ${list(account)} (embedded.connectors real reads their accounts)`]
      : []),
    ...reasons.map((why) => {
      const ones = named.filter(({ missing }) => missing === why);
      return `${connectors === "real" ? "not possible" : "simulated"}: ${list(ones)}; ${why}`;
    }),
  ];
  if (connectors === "real" && reasons.length > 0) {
    report.fail(
      "connectors",
      lines.join("\n"),
      "install such a Python, or npm run pulumi -- config set --path embedded.connectors auto",
    );
  } else {
    report.info("connectors", lines.join("\n"));
  }
}

function list(connectors: { type: string }[]): string {
  return connectors.map(({ type }) => type).join(", ");
}
