import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { expect, test } from "vitest";
import { serverKeyPem } from "../../credentials/certificates.ts";
import { tlsKeys } from "../../credentials/credentials.ts";
import { readConfig, type Settings } from "../../settings/config.ts";
import { ConfigurationError } from "../../errors/user-error.ts";
import { objectKeys, settingKeys, targets, type TargetName } from "../../settings/settings.ts";
import { stack } from "../settings/stack.ts";
import { ROOT } from "../infra/targets/mocked.ts";
import { withOwnCertificate } from "./own-certificate.ts";
import { oddText, oddValue } from "./odd.ts";

/** In every secret value that is drawn, and so in no message. */
const MARK = "s3cret";

const tls = withOwnCertificate();

/** All that a target needs, and what goes with it. */
const complete = (): Record<string, Record<string, string>> => {
  const own = { "secret rootSecret": ROOT };
  const url = "https://airbyte.example.com";
  const provided = { tls: '{"mode":"provided"}', tlsCertificate: tls.certificate, "secret tlsKey": tls.key };
  return {
    existing: { url, clientId: "id", "secret clientSecret": `${MARK}-client` },
    docker: own,
    aws: { ...own, ...provided, aws: '{"region":"eu-central-1","allowedCidrs":["203.0.113.7/32"]}' },
    kubernetes: { ...own, url },
  };
};

/** A setting is there once, as a secret or not. */
function merged(base: Record<string, string>, changes: Record<string, string>[]): Record<string, string> {
  const all = new Map<string, [string, string]>();
  const entries = [base, ...changes].flatMap((settings) => Object.entries(settings));
  for (const [key, value] of entries) all.set(key.replace("secret ", ""), [key, value]);
  return Object.fromEntries(all.values());
}

/** What is right for some target; of maps, a part. */
const right = () => ({
  target: Object.keys(targets),
  production: ["true", "false"],
  requestTimeout: ["30s", "1h"],
  pipelines: ["eu/pipelines.yaml"],
  stateDir: [".airbyte/dev", "/var/lib/airbyte"],
  workspaceId: ["8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13"],
  url: ["https://airbyte.example.com", "http://localhost:8000"],
  auth: ["application", "bearer", "basic", "none"],
  clientSecret: [`${MARK}-client`],
  rootSecret: [ROOT],
  tlsCertificate: [tls.certificate],
  caCertificate: [tls.certificate],
  tlsKey: [tls.key, serverKeyPem(tlsKeys(ROOT, 2))],
  tls: ['{"mode":"provided"}', '{"mode":"acme","email":"me@example.com","domain":"a.example.com"}'],
  aws: ['{"region":"eu-central-1","allowedCidrs":["203.0.113.7/32"]}'],
  kubernetes: ['{"database":{"host":"h","name":"n","user":"u"}}', '{"storage":{"bucket":"b"}}'],
});

const innerKeys = Object.values(targets).flatMap(({ shape }) =>
  Object.entries(shape).flatMap(([key, schema]) => {
    const { innerType: inner } = (schema as { def: { innerType?: { shape?: object } } }).def;
    return objectKeys.includes(key) ? Object.keys(inner?.shape ?? {}) : [];
  }),
);

const json = fc.oneof(
  fc
    .dictionary(fc.oneof(fc.constantFrom(...innerKeys, "toString", "__proto__"), oddText), oddValue, { maxKeys: 3 })
    .map((map) => JSON.stringify(map)),
  oddValue.map((value) => JSON.stringify(value)),
  fc.constantFrom("{", "[]", "null", `${"[".repeat(5000)}${"]".repeat(5000)}`),
);

const secret = fc.oneof(
  fc.constantFrom(`${MARK}://x`, `https://me:${MARK}@x`, `../${MARK}`, `-----BEGIN ${MARK}-----`, MARK.repeat(100)),
  oddText.map((text) => text + MARK),
  fc.constantFrom(...innerKeys).map((key) => JSON.stringify({ [key]: MARK })),
  fc.constantFrom(...innerKeys).map((key) => JSON.stringify({ [key]: [MARK, { [MARK]: MARK }] })),
);

/** Settings by key; those of secrets with `secret ` before it. */
const settings = () => {
  const known: Record<string, string[]> = right();
  const value = (key: string) => {
    const good = known[key];
    const odd = fc.oneof(oddText, objectKeys.includes(key) ? json : oddText);
    return good ? fc.oneof({ arbitrary: fc.constantFrom(...good), weight: 3 }, odd) : odd;
  };
  const of = (key: string) =>
    fc.oneof(
      value(key).map((text) => ({ [key]: text })),
      value(key).map((text) => ({ [key]: text })),
      secret.map((text) => ({ [`secret ${key}`]: text })),
    );
  const misspelt = fc.constantFrom("workspaceID", "state-dir", "URL", "warehouseHost").map((key) => ({ [key]: "x" }));
  return fc.constantFrom(...Object.keys(targets)).chain((target) => {
    const own = Object.keys(targets[target as TargetName].shape);
    const key = fc.oneof(
      { arbitrary: fc.constantFrom(...own), weight: 20 },
      { arbitrary: fc.constantFrom(...settingKeys), weight: 1 },
    );
    const changes = fc.array(fc.oneof({ arbitrary: key.chain(of), weight: 30 }, misspelt), { maxLength: 5 });
    const base = fc.option(fc.constant(complete()[target]), { nil: {}, freq: 4 });
    return fc.tuple(base, changes).map(([all, some]) => merged({ target, ...all }, some));
  });
};

/** The settings, or undefined where they are refused as they should be. */
function read(given: Record<string, string>): Settings | undefined {
  try {
    return readConfig(stack(given));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    const paths = Object.keys(given).map((key) => key.replace("secret ", ""));
    for (const mistake of [...error.mistakes]) {
      const [text = "", command = "", ...more] = mistake.split("\n");
      expect(more).toEqual([]);
      const [, path = ""] = /^([\w-]+)[^:]*.*: \S/.exec(text) ?? [];
      expect([...settingKeys, ...paths]).toContain(path);
      expect(command).toMatch(/^ {2}(npm run pulumi -- |pulumi )config (set|rm) /);
      expect(mistake).not.toMatch(/undefined|NaN|\[object |call stack|\.ts:\d|\p{Cc}(?<!\n)/u);
      expect(mistake).not.toContain(MARK);
      expect(mistake.length).toBeLessThan(2000);
    }
    return undefined;
  }
}

test("any settings are read, or refused with the place of each mistake and the command that mends it", () => {
  const anySettings = fc.property(settings(), (given) => {
    const result = read(given);
    if (result) expect(Object.keys(targets)).toContain(result.target);
  });
  fc.assert(anySettings, { numRuns: 3000 });
}, 120_000);
