import { join } from "node:path";
import { publishedSources } from "../../../embedded/connectors/published.ts";
import { pythonsOnPath, whyNoPython } from "../../../embedded/connectors/python/environments.ts";
import { nextStep } from "../../../errors/user-error.ts";
import type { EmbeddedSettings } from "../../../settings/config.ts";
import {
  ensureRunning,
  hasData,
  patienceMs,
  patientProbe,
  portTaken,
  probe,
  readAddress,
} from "../../../embedded/index.ts";
import type { Report } from "./report.ts";

/**
 * Says how the embedded Airbyte is, and starts the one of an existing stack as every command does. Returns its address;
 * undefined where there is none to examine: not made yet, or it can't be started.
 */
export async function examineEmbedded(report: Report, settings: EmbeddedSettings): Promise<string | undefined> {
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
      nextStep("install such a Python, or npm run pulumi -- config set --path embedded.connectors auto"),
    );
  } else {
    report.info("connectors", lines.join("\n"));
  }
}

function list(connectors: { type: string }[]): string {
  return connectors.map(({ type }) => type).join(", ");
}
