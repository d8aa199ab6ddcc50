/**
 * The one door of the embedded Airbyte for the rest of the project: by it the server of a data folder is started and ended, asked who it is,
 * and told its address and options. It loads no package: the server is a process of its own.
 */
import type { OfflineConnectors } from "./connectors/offline.ts";
import type { ConnectorsMode } from "./options.ts";

export { readAddress, reserveAddress } from "./address.ts";
export type { OfflineConnectors } from "./connectors/offline.ts";
export { instanceIdOf } from "./folders.ts";
export { ensureRunning, hasData, moveStopped, remove, stop, type RunningServer } from "./launch.ts";
export { connectorsModes, type GivenOptions as EmbeddedOptions } from "./options.ts";
export { patienceMs, patientProbe, portTaken, probe } from "./probe.ts";

/** See connectors/offline.ts, which is loaded only when it is needed. */
export async function offlineConnectors(mode?: ConnectorsMode): Promise<OfflineConnectors> {
  return (await import("./connectors/offline.ts")).offlineConnectors(mode);
}
