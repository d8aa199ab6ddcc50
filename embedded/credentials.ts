import { sign, verify } from "hono/jwt";
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { signingKeyOf } from "./folders.ts";

/** Who this installation is and how to get in; generated at the first start, in `credentials.json`. */
export interface Credentials {
  instanceId: string;
  clientId: string;
  clientSecret: string;
}

export function loadCredentials(dataDir: string): Credentials {
  const file = join(dataDir, "credentials.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const credentials = {
    instanceId: randomUUID(),
    clientId: randomUUID(),
    clientSecret: randomBytes(32).toString("base64url"),
  };
  write(file, credentials);
  return credentials;
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

function write(file: string, content: object): void {
  writeFileAtomic.sync(file, JSON.stringify(content, null, 2) + "\n", { mode: 0o600 });
}

export interface AccessToken {
  access_token: string;
  /** Exactly "Bearer": one of Airbyte's own SDKs compares the case. */
  token_type: "Bearer";
  /** Whole seconds. */
  expires_in: number;
}

/** Access tokens: JWTs signed with the installation's own key, so they outlive a restart and are worth nothing elsewhere. */
export class Tokens {
  readonly #given: { key: string; issuer: string; ttlSeconds: number };
  #generation = 0;
  issued = 0;

  constructor(given: { key: string; issuer: string; ttlSeconds: number }) {
    this.#given = given;
  }

  async issue(clientId: string): Promise<AccessToken> {
    const now = Math.floor(Date.now() / 1000);
    this.issued += 1;
    const claims = {
      iss: this.#given.issuer,
      sub: clientId,
      jti: randomUUID(),
      iat: now,
      exp: now + this.#given.ttlSeconds,
      generation: this.#generation,
    };
    const token = await sign(claims, this.#given.key, "HS256");
    return { access_token: token, token_type: "Bearer", expires_in: this.#given.ttlSeconds };
  }

  /** The client id that the token was issued to, or null when the token is not (or no longer) good here. */
  async clientOf(token: string): Promise<string | null> {
    try {
      const claims = await verify(token, this.#given.key, { alg: "HS256", iss: this.#given.issuer });
      if (claims.generation !== this.#generation) return null;
      return typeof claims.sub === "string" ? claims.sub : null;
    } catch {
      return null;
    }
  }

  /** Refuses every token issued so far. */
  expireAll(): void {
    this.#generation += 1;
  }
}
