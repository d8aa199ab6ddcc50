import type { KeyObject } from "node:crypto";
import { deriveKey } from "./keys.ts";
import { deriveText } from "./root-secret.ts";

/** Versions of the groups of credentials that can be changed while the data live on. A higher number is a new credential. */
export interface CredentialVersions {
  /** Admin password, client id and secret, and the key that signs Airbyte's tokens. */
  api: number;
  /** Certificate authority and the server's key. */
  tls: number;
}

export const firstVersions: CredentialVersions = { api: 1, tls: 1 };

/** How to get into an Airbyte that this program made. */
export interface ApiCredentials {
  adminPassword: string;
  clientId: string;
  clientSecret: string;
  jwtSignature: string;
  /** What our gateway asks for before Airbyte's set-up. */
  setupKey: string;
}

/** The header by which our gateway tells our own calls of Airbyte's set-up: their `setupKey`. */
export const SETUP_HEADER = "X-Airbyte-Setup-Key";

export interface TlsKeys {
  authority: KeyObject;
  server: KeyObject;
}

/** What is fixed for the life of the data: Postgres reads its password at its first start only, and k3s refuses another token. */
export interface FixedCredentials {
  databasePassword: string;
  k3sToken: string;
  sshHostKey: KeyObject;
  sshUserKey: KeyObject;
}

/**
 * Every credential of an Airbyte that this program makes, worked out from one secret of the stack: the program sets them, the provider
 * signs in with them, and neither has to read anything back or keep anything random.
 */
export function apiCredentials(rootSecret: string, version: number): ApiCredentials {
  return {
    adminPassword: deriveText(rootSecret, "admin-password", version),
    clientId: deriveText(rootSecret, "client-id", version),
    clientSecret: deriveText(rootSecret, "client-secret", version),
    jwtSignature: deriveText(rootSecret, "jwt-signature", version),
    setupKey: deriveText(rootSecret, "setup-key", version),
  };
}

export function tlsKeys(rootSecret: string, version: number): TlsKeys {
  return {
    authority: deriveKey(rootSecret, "certificate-authority", version),
    server: deriveKey(rootSecret, "server-key", version),
  };
}

export function fixedCredentials(rootSecret: string): FixedCredentials {
  return {
    databasePassword: deriveText(rootSecret, "database-password", 1),
    k3sToken: deriveText(rootSecret, "k3s-token", 1),
    sshHostKey: deriveKey(rootSecret, "ssh-host-key", 1),
    sshUserKey: deriveKey(rootSecret, "ssh-user-key", 1),
  };
}

/** The version itself and the one before it, which a server still has between a change of the configuration and its `up`. */
export function versionsToTry(version: number): number[] {
  return version > 1 ? [version, version - 1] : [version];
}
