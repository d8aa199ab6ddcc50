import { join } from "node:path";
import { reserveAddress } from "../../embedded/launch.ts";
import { EmbeddedServer } from "../../providers/embedded-server/resource.ts";
import type { EmbeddedSettings } from "../config.ts";
import type { Target } from "./target.ts";

/**
 * Airbyte as a process of this machine, for a first look and for tests. Port and address are chosen once, before
 * Pulumi starts, so that no preview shows them as unknown.
 */
export function embedded({
  stateDir,
  embedded: { port, keepData, tokenTtlSeconds, faults },
}: EmbeddedSettings): Target {
  const dataDir = join(stateDir, "embedded");
  const { url } = reserveAddress(dataDir, port);
  const options = { tokenTtlSeconds, faults };
  const server = new EmbeddedServer("airbyte", { dataDir, url, keepData: keepData ?? false, options });
  return { airbyte: { url, dependsOn: [server] } };
}
