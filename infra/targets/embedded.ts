import { join } from "node:path";
import { reserveAddress } from "../../embedded/index.ts";
import { EmbeddedServer } from "../../providers/host/resources.ts";
import type { EmbeddedSettings } from "../../settings/config.ts";
import type { Target } from "./target.ts";

/**
 * Airbyte as a process of this machine, for a first look and for tests. Port and address are chosen once, before
 * Pulumi starts, so that no preview shows them as unknown.
 */
export function embedded(settings: EmbeddedSettings): Target {
  const { keepData, tokenTtlSeconds, faults, connectors = "auto" } = settings.embedded;
  const dataDir = dataFolder(settings);
  const url = addressIn(settings);
  const options = { tokenTtlSeconds, faults, connectors };
  const server = new EmbeddedServer("airbyte", { dataDir, url, keepData: keepData ?? false, options });
  return { airbyte: { url, dependsOn: [server] }, outputs: { dataFolder: dataDir } };
}

/** Where its data are, relative to the project. */
export function dataFolder({ stateDir }: EmbeddedSettings): string {
  return join(stateDir, "embedded");
}

/** A port that is asked for is only written down when the server really moves there: a preview changes nothing. */
export function addressIn(settings: EmbeddedSettings): string {
  const { port } = settings.embedded;
  return port === undefined ? reserveAddress(dataFolder(settings)).url : `http://127.0.0.1:${port}`;
}
