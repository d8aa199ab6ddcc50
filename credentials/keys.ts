import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { derive, type Label } from "./root-secret.ts";

// The order of P-256's base point (FIPS 186-5): a private key is a number from 1 to this one less 1.
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * A P-256 key: the one kind that browsers take in certificates and OpenSSH takes in PEM form. 16 bytes more than the number needs are
 * derived, so that no value is likelier than another (FIPS 186-5, A.2.1).
 */
export function deriveKey(rootSecret: string, label: Label, version: number): KeyObject {
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
