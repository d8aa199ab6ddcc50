import { authorityCertificate } from "../../infra/airbyte/certificates.ts";
import { apiCredentials, tlsKeys, versionsToTry } from "../../infra/airbyte/credentials.ts";
import type { ClientOptions } from "./api/call.ts";
import { readRoot } from "./root.ts";

type Derived = Pick<ClientOptions, "clientId" | "clientSecret" | "previous" | "caCertificate">;

/**
 * How to get into an Airbyte that the program itself set up. After a change of a version the server has the old credentials until its
 * `up`, so the previous version is good too: of the application, and of the authority.
 *
 * @param get the stack's configuration, secrets decrypted
 */
export async function derivedCredentials(get: (key: string) => string | undefined): Promise<Derived> {
  const { secret, versions } = readRoot(get);
  const [current, previous] = versionsToTry(versions.api).map((version) => apiCredentials(secret, version));
  const { mode = "ca" } = JSON.parse(get("tls") ?? "{}") as { mode?: string };
  // A cluster brings its own TLS.
  const isOwn = mode === "ca" && get("target") !== "kubernetes";
  const caCertificate = isOwn ? await authorities(secret, versions.tls) : get("caCertificate");
  return { clientId: current?.clientId, clientSecret: current?.clientSecret, previous, caCertificate };
}

async function authorities(secret: string, version: number): Promise<string> {
  const pems = versionsToTry(version).map((each) => authorityCertificate(tlsKeys(secret, each)));
  return (await Promise.all(pems)).join("");
}
