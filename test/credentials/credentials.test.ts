import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  apiCredentials,
  derive,
  fixedCredentials,
  privatePem,
  rootSecretMistake,
  sshFingerprint,
  sshOptions,
  sshPublicKey,
  tlsKeys,
  versionsToTry,
  writeSshFiles,
} from "../../credentials/credentials.ts";

const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";

describe("credentials", () => {
  test("are those of every earlier version of this program: an installation lives as long as they do", () => {
    // As `openssl kdf -kdfopt digest:SHA256 -kdfopt salt:airbyte-on-pulumi -kdfopt info:client-id/v1 … HKDF` has it.
    expect(derive(ROOT, "client-id", 1, 8).toString("hex")).toBe("af6a47de005c2ed5");
    expect(apiCredentials(ROOT, 1).clientId).toBe("Z4noBJdJdp5pa9wrPxpdd5Gs40bR85ZH");
    expect(sshFingerprint(fixedCredentials(ROOT).sshHostKey)).toBe(
      "SHA256:EcxPMZLDuxtEpHrM7XTOETMZ0H3EvS/dPaM2vbRuJOg",
    );
  });

  test("are the same from the same root secret, and all different from another or of another version", () => {
    expect(apiCredentials(ROOT, 1)).toEqual(apiCredentials(`${ROOT}\n`, 1));
    expect(fixedCredentials(ROOT).k3sToken).toBe(fixedCredentials(ROOT).k3sToken);
    const all = [apiCredentials(ROOT, 1), apiCredentials(ROOT, 2), apiCredentials(`${ROOT}x`, 1)].flatMap(
      Object.values,
    );
    all.push(fixedCredentials(ROOT).k3sToken, fixedCredentials(ROOT).databasePassword);
    expect(new Set(all).size).toBe(17);
  });

  test("are letters and digits with a letter first, so that no YAML reads them as numbers", () => {
    for (let version = 1; version <= 50; version++) {
      for (const text of Object.values(apiCredentials(ROOT, version))) expect(text).toMatch(/^[A-Za-z][A-Za-z\d]{31}$/);
    }
  });

  test("of an older version are tried where the new one may not be in force yet", () => {
    expect(versionsToTry(1)).toEqual([1]);
    expect(versionsToTry(5)).toEqual([5, 4]);
  });
});

test.each([
  ["too short", "s3cret"],
  ["31 bytes in base64", "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRs"],
  ["hardly random", "a".repeat(64)],
  ["a sentence", "correct horse battery staple correct horse battery staple"],
])("a root secret that is %s is refused, with the command that makes one", (_, secret) => {
  expect(rootSecretMistake(secret)).toContain("openssl rand -base64 48 | pulumi config set --secret rootSecret");
});

test.each([ROOT, "0123456789abcdef".repeat(4), `${ROOT}\n`])(
  "32 random bytes in base64 or hexadecimal are a root secret",
  (secret) => {
    expect(rootSecretMistake(secret)).toBeUndefined();
  },
);

describe("keys", () => {
  test("are read by OpenSSH, which finds the same public key", () => {
    for (const key of [fixedCredentials(ROOT).sshHostKey, fixedCredentials(ROOT).sshUserKey]) {
      const file = join(mkdtempSync(join(tmpdir(), "key-")), "key");
      writeFileSync(file, privatePem(key), { mode: 0o600 });
      expect(execFileSync("ssh-keygen", ["-y", "-f", file]).toString().trim()).toBe(sshPublicKey(key));
      expect(execFileSync("ssh-keygen", ["-l", "-f", file]).toString()).toContain(`256 ${sshFingerprint(key)} `);
    }
  });

  test("are P-256 in every version", () => {
    for (let version = 1; version <= 20; version++) {
      const { server, authority } = tlsKeys(ROOT, version);
      for (const key of [server, authority]) expect(key.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    }
  });
});

test("the files for SSH are their owner's alone, also where they were readable before", () => {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  const keys = fixedCredentials(ROOT);
  writeSshFiles(folder, keys);
  writeFileSync(join(folder, "ssh/known_hosts"), "airbyte-host ssh-ed25519 AAAA\n", { mode: 0o644 });
  writeSshFiles(folder, keys);
  for (const file of ["key", "known_hosts"]) expect(statSync(join(folder, "ssh", file)).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, "ssh/known_hosts"), "utf8")).toBe(`airbyte-host ${sshPublicKey(keys.sshHostKey)}\n`);
  const options = sshOptions(folder).join(" ");
  expect(options).toContain("StrictHostKeyChecking=yes");
  expect(options).toContain(`UserKnownHostsFile=${folder}/ssh/known_hosts`);
});
