import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { signingKeyOf } from "./data-folder.ts";

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

/**
 * Tokens are signed with this key. It is kept apart from the credentials, which other programs read. One that is broken is made anew: all
 * that ends by that are the tokens and sessions of the moment.
 */
export function loadSigningKey(dataDir: string): string {
  const kept = signingKeyOf(dataDir);
  if (kept !== undefined) return kept;
  const key = randomBytes(32).toString("base64url");
  write(join(dataDir, "signing-key.json"), { key });
  return key;
}

function keep<T extends object>(file: string, generate: () => T): T {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const generated = generate();
  write(file, generated);
  return generated;
}

function write(file: string, content: object): void {
  writeFileAtomic.sync(file, JSON.stringify(content, null, 2) + "\n", { mode: 0o600 });
}
