import fc from "fast-check";
import { expect, test } from "vitest";
import { serverKeyPem } from "../../credentials/certificates.ts";
import { tlsKeys } from "../../credentials/credentials.ts";
import { objectKeys, secretKeys } from "../../settings/settings.ts";
import { ROOT } from "../infra/targets/mocked.ts";
import { withOwnCertificate } from "./own-certificate.ts";
import { mistakesOf } from "../settings/stack.ts";

/** Good settings by path, such as `tls.mode`. */
type Given = Record<string, unknown>;

/** What is wrong: how its message begins, what makes it so (undefined: nothing is there), and what it says nothing beside. */
interface Wrong {
  told: string;
  change: Given;
  /** Paths of others that decide whether it is one, or how it is told. */
  besides?: string[];
}

const tls = withOwnCertificate();

const wrong = (told: string, change: Given, besides: string[] = []): Wrong => ({ told, change, besides });

const everywhere = [
  wrong("pipelines: expected the path of a file", { pipelines: "../p.yaml" }),
  wrong("workspaceId: expected a UUID", { workspaceId: "mine" }),
  wrong("stateDir: expected a folder under .airbyte", { stateDir: "infra" }),
  wrong("production: expected one of true, false", { production: "yes" }),
  wrong("paused: expected one of true, false", { paused: "no" }),
  wrong("requestTimeout: expected a time from 1s to 60m", { requestTimeout: "2h" }),
  wrong("state-dir: unknown key", { "state-dir": "x" }),
];

const own = [
  wrong("rootSecret: is missing", { rootSecret: undefined }),
  wrong("rootSecret: expected at least 32 random bytes", { rootSecret: "short" }),
  wrong("adminEmail: expected an e-mail address", { adminEmail: "me" }),
  wrong("credentials.api: expected a whole number from 1 to 1000000", { "credentials.api": 0 }),
  wrong("releases.chart: expected a version of Airbyte's chart", { "releases.chart": "latest" }),
  wrong("releases: expected a map", { releases: "latest" }),
  wrong("credentials: expected a map", { credentials: [] }),
];

const addresses = [
  wrong("url: expected an address with http:// or https://", { url: "ftp://x" }),
  wrong("url: expected the address of an Airbyte", { url: "not an address" }),
  wrong("url: is missing", { url: undefined }, ["platform"]),
];

const existing = [
  ...everywhere,
  ...addresses,
  wrong("target: expected one of", { target: "exsting" }, ["rootSecret"]),
  wrong("url: http:// shows credentials", { url: "http://airbyte.example.com" }),
  wrong("tokenUrl: http:// shows credentials", { tokenUrl: "http://airbyte.example.com/token" }),
  wrong("apiRoot: http:// shows credentials", { apiRoot: "http://airbyte.example.com/api/v1" }),
  wrong("platform: is given beside url", { platform: "prod" }, ["url"]),
  wrong("api: expected one of public, config", { api: "v2" }),
  wrong("tokenBody: expected one of json, form", { tokenBody: "xml" }),
  wrong("caCertificate: expected certificates in PEM form", { caCertificate: "x" }),
  wrong("allowPlainHttp: expected one of true, false", { allowPlainHttp: "yes" }),
  wrong("fast: expected one of true, false", { fast: "yes" }),
  wrong("rootSecret: is no setting of the target existing", { rootSecret: ROOT }, ["target"]),
];

const application = [
  ...existing,
  wrong("auth: expected one of", { auth: "oauth" }),
  wrong("clientId: is missing", { clientId: undefined }),
  wrong("clientSecret: must be a secret", { clientSecret: undefined, "plain clientSecret": "x" }),
  wrong("basicUsername: is no setting of auth application", { basicUsername: "x" }),
];

const basic = [
  ...existing,
  wrong("auth: expected one of", { auth: "password" }, ["clientSecret"]),
  wrong("auth: expected one of", { auth: "basci" }),
  wrong("basicPassword: is missing", { basicPassword: undefined }),
  wrong("clientSecret: is no setting of auth basic", { clientSecret: "x" }),
];

const aws = [
  ...everywhere,
  ...own,
  wrong("target: expected one of", { target: "amazon" }, ["url"]),
  wrong("aws: expected a map", { aws: "x" }),
  wrong("aws.region: is missing", { "aws.region": undefined }),
  wrong("aws.region: expected text; found 1", { "aws.region": 1 }),
  wrong("aws.region: expected a region of AWS", { "aws.region": "Frankfurt" }),
  wrong("aws.allowedCidrs: is missing", { "aws.allowedCidrs": undefined }),
  wrong("aws.allowedCidrs: the list is empty", { "aws.allowedCidrs": [] }),
  wrong("aws.allowedCidrs[0]: expected a block of addresses", { "aws.allowedCidrs.0": "203.0.113.7/33" }),
  wrong("aws.allowedCidrs[1]: opens Airbyte to the whole internet", { "aws.allowedCidrs.1": "0.0.0.0/0" }),
  wrong("aws.allowWorld: expected true or false", { "aws.allowWorld": "yes" }),
  wrong("aws.instanceType: the text is empty", { "aws.instanceType": "" }),
  wrong("aws.instanceType: expected a type of instance", { "aws.instanceType": "xlarge" }),
  wrong("aws.dataVolumeGb: expected a size in whole GB from 40 to 16384; found 1", { "aws.dataVolumeGb": 1 }),
  wrong('aws.rootVolumeGb: expected a size in whole GB from 10 to 16384; found "20"', { "aws.rootVolumeGb": "20" }),
  wrong("aws.snapshotDays: expected a number of days from 1 to 1000; found 1.5", { "aws.snapshotDays": 1.5 }),
  wrong("aws.readyMinutes: expected a number of minutes from 1 to 240; found nothing", { "aws.readyMinutes": null }),
  wrong("aws.subnetId: is missing", { "aws.vpcId": "vpc-0a1b2c3d4e5f67890" }),
  wrong("aws.vpcId: the text is empty", { "aws.vpcId": "", "aws.subnetId": "subnet-0a1b2c3d4e5f67890" }),
  wrong("aws.connect: expected one of ssh, ssm", { "aws.connect": "telnet" }),
  wrong("aws.tags.team: expected text", { "aws.tags.team": 1 }),
  wrong("aws.tag: unknown key", { "aws.tag": {} }),
  wrong("url: is no setting of the target aws", { url: "https://airbyte.example.com" }, ["target"]),
  // Without a mode that is one, the certificate and its key alone tell which was meant.
  wrong("tls: expected a map", { tls: [] }, ["tlsKey"]),
  wrong("tls.email: expected an e-mail address", { "tls.email": "me" }),
  wrong("tls.domain: expected a name", { "tls.domain": "not a name" }),
  wrong("tls.hostedZoneId: expected the id", { "tls.hostedZoneId": "x" }),
];

const provided = [
  ...aws,
  wrong("tls.domain: is missing; it is the name of the record", {
    "tls.hostedZoneId": "Z0123456789",
    "tls.domain": undefined,
  }),
  wrong("tls.mode: expected one of", { "tls.mode": "own" }, ["tlsKey"]),
  wrong("tlsCertificate: is missing", { tlsCertificate: undefined }),
  wrong("tlsKey: is missing", { tlsKey: undefined }),
  wrong("tlsKey: is not the key of tlsCertificate", { tlsKey: serverKeyPem(tlsKeys(ROOT, 2)) }, ["tlsCertificate"]),
  wrong("tlsCertificate: expected certificates in PEM form", { tlsCertificate: "x" }),
  wrong("tlsKey: expected a private key in PEM form", { tlsKey: "x" }),
];

const acme = [
  ...aws,
  wrong("tls.mode: expected one of", { "tls.mode": "letsencrypt" }, ["tls.email"]),
  wrong("tls.mode: expected one of", { "tls.mode": "acm" }),
  wrong("tls.domain: is missing; Let's Encrypt", { "tls.domain": undefined }, ["tls.hostedZoneId"]),
  wrong("tls.email: is missing", { "tls.email": undefined }),
  wrong("tlsKey: is no setting of tls.mode acme", { tlsKey: tls.key }, ["tls.mode"]),
];

const kubernetes = [
  ...everywhere,
  ...own,
  ...addresses,
  wrong("target: expected one of", { target: "k8s" }),
  wrong("url: expected https://", { url: "http://airbyte.example.com" }),
  wrong("kubernetes: expected a map", { kubernetes: [] }, ["databasePassword", "storageSecretKey"]),
  wrong("kubernetes.namespace: expected a name of Kubernetes", { "kubernetes.namespace": "Airbyte" }),
  wrong("kubernetes.createNamespace: expected true or false", { "kubernetes.createNamespace": "no" }),
  wrong("kubernetes.readyMinutes: expected a number of minutes from 1 to 240", { "kubernetes.readyMinutes": 0 }),
  wrong("kubernetes.database: expected a map", { "kubernetes.database": "x" }),
  wrong("kubernetes.database.host: is missing", { "kubernetes.database.host": undefined }),
  wrong("kubernetes.database.port: expected a port from 1 to 65535", { "kubernetes.database.port": 70_000 }),
  wrong("kubernetes.storage: expected a map", { "kubernetes.storage": "x" }, ["storageSecretKey"]),
  wrong("kubernetes.storage.bucket: is missing", { "kubernetes.storage.bucket": undefined }),
  wrong("kubernetes.ingress.className: expected a name of Kubernetes", {
    "kubernetes.ingress.className": "not a name",
  }),
  wrong("databasePassword: is missing", { databasePassword: undefined }),
  wrong("databasePassword: must be a secret", { databasePassword: undefined, "plain databasePassword": "x" }),
  wrong("storageSecretKey: is missing", { storageSecretKey: undefined }),
  wrong(
    "storageSecretKey: belongs to kubernetes.storage.accessKeyId",
    { "kubernetes.storage.accessKeyId": undefined },
    ["storageSecretKey"],
  ),
];

const docker = [
  ...everywhere,
  ...own,
  wrong("target: expected one of", { target: "dokcer" }),
  wrong("docker: expected a map", { docker: "x" }),
  wrong("docker.port: expected a port from 1 to 65535; found 0", { "docker.port": 0 }),
  wrong("docker.keepData: expected true or false", { "docker.keepData": "x" }),
];

const embedded = [
  ...everywhere,
  wrong("target: expected one of", { target: "embeded" }),
  wrong("embedded.port: expected a port from 1 to 65535", { "embedded.port": "8000" }),
  wrong("embedded.tokenTtlSeconds: expected a number of seconds from 1 to 86400", { "embedded.tokenTtlSeconds": 0 }),
  wrong("embedded.connectors: expected one of auto, real, simulated", { "embedded.connectors": "none" }),
  wrong("fast: expected one of true, false", { fast: "yes" }),
];

const url = "https://airbyte.example.com";
const inAws = {
  target: "aws",
  rootSecret: ROOT,
  "aws.region": "eu-central-1",
  "aws.allowedCidrs.0": "203.0.113.7/32",
  "aws.instanceType": "m6i.large",
  "tls.domain": "airbyte.example.com",
};

test.each<[string, () => Given, Wrong[]]>([
  ["embedded", () => ({ target: "embedded", "embedded.keepData": true }), embedded],
  ["existing, by an application", () => ({ target: "existing", url, clientId: "id", clientSecret: "x" }), application],
  [
    "existing, by Basic",
    () => ({ target: "existing", url, auth: "basic", basicUsername: "x", basicPassword: "x" }),
    basic,
  ],
  ["docker", () => ({ target: "docker", rootSecret: ROOT }), docker],
  [
    "aws, with a certificate",
    () => ({ ...inAws, "tls.mode": "provided", tlsCertificate: tls.certificate, tlsKey: tls.key }),
    provided,
  ],
  ["aws, by Let's Encrypt", () => ({ ...inAws, "tls.mode": "acme", "tls.email": "me@example.com" }), acme],
  [
    "kubernetes",
    () => ({
      target: "kubernetes",
      url,
      rootSecret: ROOT,
      "kubernetes.database": { host: "h", name: "n", user: "u" },
      databasePassword: "x",
      "kubernetes.storage": { bucket: "b", region: "eu-central-1", accessKeyId: "id" },
      storageSecretKey: "x",
    }),
    kubernetes,
  ],
])("of any mistakes in settings of %s, each is told, and none twice", (_, good, all) => {
  expect(mistakesOf(texts(good()))).toEqual([]);
  for (const each of all) expectTold(good(), [each]);
  const some = fc.shuffledSubarray(all, { maxLength: 8 }).map(compatible);
  fc.assert(
    fc.property(some, (mistakes) => expectTold(good(), mistakes)),
    { numRuns: 500 },
  );
});

function expectTold(good: Given, mistakes: Wrong[]): void {
  const found = mistakesOf(texts(Object.assign({}, good, ...mistakes.map(({ change }) => change)) as Given));
  const firsts = found.map((mistake) => mistake.split("\n")[0]!);
  const told = mistakes.map((mistake) => mistake.told);
  const beginnings = firsts.map((first) => told.find((beginning) => first.startsWith(beginning)) ?? first);
  expect(beginnings.sort()).toEqual(told.sort());
}

/** Of those that change the same, or depend on it, the first. */
function compatible(mistakes: Wrong[]): Wrong[] {
  const chosen: Wrong[] = [];
  const meets = (a: string[], b: string[]) =>
    a.some((one) => b.some((other) => `${one}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${one}.`)));
  for (const mistake of mistakes) {
    const changed = Object.keys(mistake.change);
    const isApart = chosen.every(
      ({ change, besides = [] }) =>
        !meets(changed, Object.keys(change)) &&
        !meets(changed, besides) &&
        !meets(mistake.besides ?? [], Object.keys(change)),
    );
    if (isApart) chosen.push(mistake);
  }
  return chosen;
}

/** As the stack's configuration holds them: maps as JSON, secrets as such. */
function texts(given: Given): Record<string, string> {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(given)) {
    if (value === undefined && !path.includes(".")) continue;
    const [last = "", ...before] = path.split(".").reverse();
    const steps = before.reverse();
    let map = tree;
    for (const [index, step] of steps.entries()) {
      const isList = /^\d+$/.test(steps[index + 1] ?? last);
      const there = map[step];
      const inner = typeof there === "object" && there !== null ? structuredClone(there) : isList ? [] : {};
      map[step] = inner;
      map = inner as Record<string, unknown>;
    }
    map[last] = value;
  }
  const entries = Object.entries(tree).map(([key, value]) => {
    const isSecret = (secretKeys as readonly string[]).includes(key);
    const text = objectKeys.includes(key) ? JSON.stringify(value) : String(value);
    return [key.startsWith("plain ") ? key.replace("plain ", "") : isSecret ? `secret ${key}` : key, text];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
