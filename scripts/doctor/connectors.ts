import { publishedSources } from "../../embedded/connectors/published.ts";
import { pythonsOnPath, whyNoPython } from "../../embedded/connectors/python/environments.ts";
import { nextStep } from "../../errors/user-error.ts";
import type { EmbeddedSettings } from "../../settings/config.ts";
import type { Report } from "./report.ts";

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
