import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";

/** Who this installation is and how to get in; generated at the first start, in `credentials.json`. */
export interface Credentials {
  instanceId: string;
  clientId: string;
  clientSecret: string;
}

export function loadCredentials(dataDir: string): Credentials {
  return keep(join(dataDir, "credentials.json"), () => ({
    instanceId: randomUUID(),
    clientId: randomUUID(),
    clientSecret: randomBytes(32).toString("base64url"),
  }));
}

/** Tokens are signed with this key. It is kept apart from the credentials, which other programs read. */
export function loadSigningKey(dataDir: string): string {
  return keep(join(dataDir, "signing-key.json"), () => ({ key: randomBytes(32).toString("base64url") })).key;
}

function keep<T extends object>(file: string, generate: () => T): T {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const generated = generate();
  writeFileAtomic.sync(file, JSON.stringify(generated, null, 2) + "\n", { mode: 0o600 });
  return generated;
}
