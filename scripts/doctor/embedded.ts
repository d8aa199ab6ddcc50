import { join } from "node:path";
import type { EmbeddedSettings } from "../../settings/config.ts";
import {
  ensureRunning,
  hasData,
  patienceMs,
  patientProbe,
  portTaken,
  probe,
  readAddress,
} from "../../embedded/index.ts";
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
