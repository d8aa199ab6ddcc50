import { X509Certificate } from "node:crypto";
import { connect, createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { authorityCertificate, serverCertificate, serverKeyPem } from "../../credentials/certificates.ts";
import { tlsKeys } from "../../credentials/credentials.ts";

const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";
const keys = tlsKeys(ROOT, 1);

describe("the server's certificate", () => {
  test("is P-256, names its hosts, lasts 800 days and is signed by the stack's authority", async () => {
    const now = new Date("2027-05-05T12:00:00Z");
    const pem = await serverCertificate(keys, ["203.0.113.10", "airbyte.example.com"], now);
    const certificate = new X509Certificate(pem);
    const authority = new X509Certificate(await authorityCertificate(keys));
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(certificate.subjectAltName).toBe("IP Address:203.0.113.10, DNS:airbyte.example.com");
    expect(certificate.checkIP("203.0.113.10")).toBe("203.0.113.10");
    expect(certificate.checkHost("airbyte.example.com")).toBe("airbyte.example.com");
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(new Date(certificate.validFrom)).toEqual(new Date("2027-05-04T12:00:00Z"));
    expect(new Date(certificate.validTo)).toEqual(new Date("2029-07-13T12:00:00Z"));
  });

  test("is accepted by a client that trusts the authority alone, also one made anew from the root secret", async () => {
    const answer = await handshake(keys, "127.0.0.1", await authorityCertificate(tlsKeys(ROOT, 1)));
    expect(answer).toBe("authorized");
  });

  test("is accepted by a client that trusts an old authority beside the right one, in any order", async () => {
    const pems = [await authorityCertificate(tlsKeys(ROOT, 2)), await authorityCertificate(keys)];
    expect(await handshake(keys, "127.0.0.1", pems.join(""))).toBe("authorized");
    expect(await handshake(tlsKeys(ROOT, 2), "127.0.0.1", pems.join(""))).toBe("authorized");
  });

  test("is refused under another authority, and for another address", async () => {
    const other = await authorityCertificate(tlsKeys(`${ROOT}x`, 1));
    expect(await handshake(keys, "127.0.0.1", other)).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|unable to/i);
    expect(await handshake(keys, "127.0.0.2", await authorityCertificate(keys))).toMatch(/IP: 127.0.0.1|altname/i);
  });
});

test("the authority is one, whenever it is made: all but its signature", async () => {
  const [one, two] = await Promise.all([authorityCertificate(keys), authorityCertificate(tlsKeys(ROOT, 1))]);
  const parts = (pem: string) => {
    const { subject, issuer, serialNumber, validFrom, validTo, publicKey, ca } = new X509Certificate(pem);
    return { subject, issuer, serialNumber, validFrom, validTo, ca, key: publicKey.export({ format: "jwk" }) };
  };
  expect(parts(one)).toEqual(parts(two));
  expect(parts(one)).toMatchObject({ ca: true, issuer: parts(one).subject });
});

/** What a TLS client that trusts `ca` says of a server for `host` at 127.0.0.1. */
async function handshake(server: typeof keys, host: string, ca: string): Promise<string> {
  const cert = await serverCertificate(server, [host]);
  const listener = createServer({ cert, key: serverKeyPem(server) }, (socket) => socket.end());
  await new Promise<void>((resolve) => void listener.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void listener.close());
  const { port } = listener.address() as AddressInfo;
  return new Promise((resolve) => {
    const client = connect({ host: "127.0.0.1", port, ca }, () => {
      resolve("authorized");
      client.destroy();
    });
    client.on("error", (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`));
  });
}
