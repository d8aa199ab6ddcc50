// The library asks for this polyfill before its own import.
import "reflect-metadata";
import { createHash, createPublicKey, webcrypto, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import { privatePem, type TlsKeys } from "./credentials.ts";

/** What browsers take at most from an authority of one's own: Apple refuses more than 825 days. */
const SERVER_DAYS = 800;
const DAY_MS = 24 * 60 * 60 * 1000;

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/**
 * The stack's own certificate authority, in PEM form. Subject, key, number and dates are always the same; only the signature is not
 * (ECDSA is random), and nobody checks that of an authority which is trusted as it is. So one made in another process is as good.
 */
export async function authorityCertificate({ authority }: Pick<TlsKeys, "authority">): Promise<string> {
  const { privateKey, publicKey } = await cryptoKeys(authority);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialOf(authority),
      name: authorityName(authority),
      notBefore: new Date("2026-01-01T00:00:00Z"),
      notAfter: new Date("2066-01-01T00:00:00Z"),
      signingAlgorithm: SIGNING,
      keys: { privateKey, publicKey },
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString("pem")}\n`;
}

/**
 * A certificate of the server for these names and addresses, signed by the stack's authority, in PEM form.
 *
 * @param hosts DNS names and IP addresses, the first of which becomes the common name
 * @param now when it is made; it is valid from a day before (clocks differ) for 800 days
 */
export async function serverCertificate(keys: TlsKeys, hosts: string[], now = new Date()): Promise<string> {
  const signer = await cryptoKeys(keys.authority);
  const server = await cryptoKeys(keys.server);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: [{ CN: [hosts[0] ?? "airbyte"] }],
      issuer: authorityName(keys.authority),
      notBefore: new Date(now.getTime() - DAY_MS),
      notAfter: new Date(now.getTime() + SERVER_DAYS * DAY_MS),
      signingAlgorithm: SIGNING,
      publicKey: server.publicKey,
      signingKey: signer.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          hosts.map((host) => ({ type: isIP(host) === 0 ? ("dns" as const) : ("ip" as const), value: host })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString("pem")}\n`;
}

/** The server's private key as Caddy reads it. */
export function serverKeyPem({ server }: Pick<TlsKeys, "server">): string {
  return privatePem(server);
}

// With the key in its name, an old and a new authority can be trusted side by side without being mistaken for each other.
function authorityName(authority: KeyObject): string {
  return `CN=Airbyte on Pulumi CA ${serialOf(authority).slice(2, 10)}`;
}

/** From the key, so that it is always the same; a first byte below 0x80 keeps the number positive. */
function serialOf(key: KeyObject): string {
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  return `01${createHash("sha256").update(der).digest("hex").slice(0, 30)}`;
}

async function cryptoKeys(
  key: KeyObject,
): Promise<{ privateKey: webcrypto.CryptoKey; publicKey: webcrypto.CryptoKey }> {
  const jwk = key.export({ format: "jwk" }) as webcrypto.JsonWebKey;
  const { kty, crv, x, y } = jwk;
  return {
    privateKey: await webcrypto.subtle.importKey("jwk", jwk, CURVE, true, ["sign"]),
    publicKey: await webcrypto.subtle.importKey("jwk", { kty, crv, x, y } as webcrypto.JsonWebKey, CURVE, true, [
      "verify",
    ]),
  };
}
