import { createECDH, createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";

/** Every secret that is derived has a label of its own, so that none can be worked out from another. */
type Label =
  | "admin-password"
  | "client-id"
  | "client-secret"
  | "jwt-signature"
  | "setup-key"
  | "database-password"
  | "k3s-token"
  | "ssh-host-key"
  | "ssh-user-key"
  | "certificate-authority"
  | "server-key";

/** What makes a `rootSecret`: OpenSSL writes it into Pulumi's standard input, so no shell history and no process list has it. */
export const rootSecretCommand = "openssl rand -base64 48 | pulumi config set --secret rootSecret";

/** Why this text is no `rootSecret`, or undefined. 32 random bytes are 43 characters of base64, or 64 of hexadecimal. */
export function rootSecretMistake(text: string): string | undefined {
  const long = text.length >= 43;
  const varied = new Set(text).size >= 12;
  if (long && varied && !/\s/.test(text.trim())) return undefined;
  return `expected at least 32 random bytes in base64 or hexadecimal; make them with: ${rootSecretCommand}`;
}

/**
 * Bytes for one purpose, by HKDF-SHA256 (RFC 5869). The label and its version are HKDF's `info`; they and the salt are part of every
 * installation ever made, and never change.
 */
export function derive(rootSecret: string, label: Label, version: number, length: number): Buffer {
  const info = `${label}/v${version}`;
  return Buffer.from(hkdfSync("sha256", rootSecret.trim(), "airbyte-on-pulumi", info, length));
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC = `${LETTERS}0123456789`;

/**
 * 32 letters and digits (190 bits), a letter first: Airbyte's chart renders some values without quotes, and one of digits alone would
 * arrive as a number.
 */
function deriveText(rootSecret: string, label: Label, version: number): string {
  let number = BigInt(`0x${derive(rootSecret, label, version, 40).toString("hex")}`);
  const next = (alphabet: string) => {
    const digit = alphabet[Number(number % BigInt(alphabet.length))] ?? "";
    number /= BigInt(alphabet.length);
    return digit;
  };
  return next(LETTERS) + Array.from({ length: 31 }, () => next(ALPHANUMERIC)).join("");
}

// The order of P-256's base point (FIPS 186-5): a private key is a number from 1 to this one less 1.
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * A P-256 key: the one kind that browsers take in certificates and OpenSSH takes in PEM form. 16 bytes more than the number needs are
 * derived, so that no value is likelier than another (FIPS 186-5, A.2.1).
 */
function deriveKey(rootSecret: string, label: Label, version: number): KeyObject {
  const number = (BigInt(`0x${derive(rootSecret, label, version, 48).toString("hex")}`) % (ORDER - 1n)) + 1n;
  const scalar = Buffer.from(number.toString(16).padStart(64, "0"), "hex");
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(scalar);
  const point = curve.getPublicKey();
  const [d, x, y] = [scalar, point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  return createPrivateKey({ format: "jwk", key: { kty: "EC", crv: "P-256", d: d!, x: x!, y: y! } });
}

/** PEM that OpenSSL, Caddy and OpenSSH read (`BEGIN EC PRIVATE KEY`). */
export function privatePem(key: KeyObject): string {
  return key.export({ type: "sec1", format: "pem" }).toString();
}

/** The public half as OpenSSH writes it: `ecdsa-sha2-nistp256 AAAA…` (RFC 5656). */
export function sshPublicKey(key: KeyObject): string {
  return `ecdsa-sha2-nistp256 ${sshBlob(key).toString("base64")}`;
}

/** `SHA256:…`, as `ssh-keygen -l` shows it. */
export function sshFingerprint(key: KeyObject): string {
  return `SHA256:${createHash("sha256").update(sshBlob(key)).digest("base64").replace(/=+$/, "")}`;
}

function sshBlob(key: KeyObject): Buffer {
  const { x = "", y = "" } = createPublicKey(key).export({ format: "jwk" });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  return Buffer.concat([Buffer.from("ecdsa-sha2-nistp256"), Buffer.from("nistp256"), point].flatMap(withLength));
}

function withLength(part: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return [length, part];
}

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
interface FixedCredentials {
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

/** The name under which the machine's host key is known, whatever its address is. */
const HOST_ALIAS = "airbyte-host";

/** Where a stack's files for SSH are: relative to the project, so that every checkout means its own. */
function sshFiles(stateDir: string): { key: string; knownHosts: string } {
  return { key: join(stateDir, "ssh", "key"), knownHosts: join(stateDir, "ssh", "known_hosts") };
}

/** Makes the login's key and the list with the one machine that is trusted, both readable by their owner alone. */
export function writeSshFiles(stateDir: string, keys: Pick<FixedCredentials, "sshHostKey" | "sshUserKey">): void {
  const { key, knownHosts } = sshFiles(stateDir);
  mkdirSync(join(stateDir, "ssh"), { recursive: true, mode: 0o700 });
  keep(key, privatePem(keys.sshUserKey));
  keep(knownHosts, `${HOST_ALIAS} ${sshPublicKey(keys.sshHostKey)}\n`);
}

function keep(file: string, content: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== content) {
    writeFileAtomic.sync(file, content, { mode: 0o600 });
  }
  chmodSync(file, 0o600);
}

/**
 * Options of `ssh` for the machine: its one host key, our one key, and nothing of the user's own files.
 *
 * @param proxyCommand in place of a connection to port 22, such as SSM's
 */
export function sshOptions(stateDir: string, proxyCommand?: string): string[] {
  const { key, knownHosts } = sshFiles(stateDir);
  const options = [
    "IdentitiesOnly=yes",
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${knownHosts}`,
    "GlobalKnownHostsFile=/dev/null",
    `HostKeyAlias=${HOST_ALIAS}`,
    "ConnectTimeout=15",
    "ServerAliveInterval=15",
    ...(proxyCommand === undefined ? [] : [`ProxyCommand=${proxyCommand}`]),
  ];
  return ["-F", "none", "-i", key, ...options.flatMap((option) => ["-o", option])];
}
