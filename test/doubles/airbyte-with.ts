import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes a data folder whose embedded Airbyte takes these credentials, as Airbyte's chart does with preset ones. */
export function presetCredentials(dataDir: string, credentials: { clientId: string; clientSecret: string }): void {
  const { clientId, clientSecret } = credentials;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(
    join(dataDir, "credentials.json"),
    JSON.stringify({ instanceId: randomUUID(), clientId, clientSecret }),
  );
}
