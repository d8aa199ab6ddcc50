import { hkdfSync } from "node:crypto";

/** Every secret that is derived has a label of its own, so that none can be worked out from another. */
export type Label =
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
export function deriveText(rootSecret: string, label: Label, version: number): string {
  let number = BigInt(`0x${derive(rootSecret, label, version, 40).toString("hex")}`);
  const next = (alphabet: string) => {
    const digit = alphabet[Number(number % BigInt(alphabet.length))] ?? "";
    number /= BigInt(alphabet.length);
    return digit;
  };
  return next(LETTERS) + Array.from({ length: 31 }, () => next(ALPHANUMERIC)).join("");
}
