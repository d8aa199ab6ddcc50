import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { serverCertificate, serverKeyPem } from "../../credentials/certificates.ts";
import { tlsKeys } from "../../credentials/credentials.ts";
import { readConfig } from "../../settings/config.ts";
import { mistakesOf, stack } from "./stack.ts";

afterEach(() => {
  pulumi.runtime.setAllConfig({});
});

describe("an Airbyte of one's own", () => {
  const root = { "secret rootSecret": "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ" };
  const aws = { region: "eu-central-1", allowedCidrs: ["203.0.113.7/32"] };
  beforeEach(() => void vi.stubEnv("AWS_PROFILE", "test"));
  afterEach(() => void vi.unstubAllEnvs());

  test("on AWS: what is left out has its default, and no secret is among the settings", () => {
    const settings = readConfig(stack({ target: "aws", ...root, aws: JSON.stringify(aws) }));
    expect(settings).toMatchObject({
      target: "aws",
      aws: {
        ...aws,
        allowWorld: false,
        instanceType: "m6i.xlarge",
        dataVolumeGb: 100,
        snapshotDays: 7,
        connect: "ssh",
      },
      tls: { mode: "ca" },
      credentials: { api: 1, tls: 1 },
      releases: { chart: "2.2.0" },
    });
    expect(JSON.stringify(settings)).not.toContain("q3v0");
  });

  test("on AWS: what is missing is told together, each with the command that mends it", () => {
    vi.stubEnv("AWS_PROFILE", "");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
    expect(mistakesOf({ target: "aws" })).toEqual([
      "rootSecret: is missing; make it with: openssl rand -base64 48 | pulumi config set --secret rootSecret\n  pulumi config set --secret rootSecret",
      "aws.region: is missing; expected a region of AWS such as eu-central-1\n  pulumi config set --path aws.region eu-central-1",
      "aws.allowedCidrs: is missing; expected a list of the blocks of addresses that may reach Airbyte\n  pulumi config set --path 'aws.allowedCidrs[0]' 203.0.113.7/32",
      "aws: no credentials for AWS were found on this machine\n  aws configure, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ]);
  });

  test("on AWS: the whole internet comes in by an explicit word only", () => {
    const world = { ...aws, allowedCidrs: ["203.0.113.7/32", "0.0.0.0/0"] };
    expect(mistakesOf({ target: "aws", ...root, aws: JSON.stringify(world) })).toEqual([
      expect.stringContaining("aws.allowedCidrs[1]: opens Airbyte to the whole internet"),
    ]);
    expect(
      mistakesOf({ target: "aws", ...root, aws: JSON.stringify({ ...world, allowedCidrs: ["::/0"] }) }),
    ).toHaveLength(1);
    expect(mistakesOf({ target: "aws", ...root, aws: JSON.stringify({ ...world, allowWorld: true }) })).toEqual([]);
  });

  test("on AWS: a single wrong setting hides no mistake that others make together", () => {
    const open = { allowedCidrs: ["0.0.0.0/0"], connect: "telnet", vpcId: "vpc-0a1b2c3d4e5f67890" };
    const tls = { mode: "acme", domain: "not a name" };
    expect(
      mistakesOf({ target: "aws", ...root, aws: JSON.stringify(open), tls: JSON.stringify(tls), tlsCertificate: "x" }),
    ).toEqual([
      expect.stringMatching(/^aws.region: is missing/),
      expect.stringMatching(/^aws.connect: expected one of ssh, ssm/),
      expect.stringMatching(/^tls.domain: expected a name/),
      expect.stringMatching(/^tlsCertificate: expected certificates in PEM form/),
      expect.stringMatching(/^aws.allowedCidrs\[0\]: opens Airbyte to the whole internet/),
      expect.stringMatching(/^aws.subnetId: is missing; vpcId and subnetId are given together/),
      expect.stringMatching(/^tls.email: is missing/),
      expect.stringMatching(
        /^tlsCertificate: is no setting of tls.mode acme\n {2}pulumi config rm tlsCertificate, or pulumi config set --path tls.mode provided$/,
      ),
    ]);
  });

  test.each([
    ["aws.instanceType", { aws: { ...aws, instanceType: "xlarge" } }],
    ["aws.allowedCidrs", { aws: { ...aws, allowedCidrs: Array.from({ length: 17 }, (_, i) => `${i * 8}.0.0.0/5`) } }],
    ["aws.allowedCidrs[1]", { aws: { ...aws, allowedCidrs: ["10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1"] } }],
    ["aws.allowedCidrs[0]", { aws: { ...aws, allowedCidrs: ["::/1", "8000::/1"] } }],
    ["aws.allowedCidrs[0]", { aws: { ...aws, allowedCidrs: ["203.0.113.7/33"] } }],
    ["aws.allowedCidrs", { aws: { ...aws, allowedCidrs: [] } }],
    ["aws.region", { aws: { ...aws, region: "Frankfurt" } }],
    ["aws.vpcId", { aws: { ...aws, subnetId: "subnet-0a1b2c3d4e5f67890" } }],
    ["aws.dataVolumeGb", { aws: { ...aws, dataVolumeGb: 1 } }],
    ["tls.domain", { aws, tls: { mode: "acme", email: "me@example.com" } }],
    ["tls.domain", { aws, tls: { hostedZoneId: "Z0123456789" } }],
    ["tls.email", { aws, tls: { mode: "acme", domain: "a.example.com" } }],
    ["credentials.api", { aws, credentials: { api: 0 } }],
    ["releases.k3s", { aws, releases: { k3s: "rancher/k3s:latest" } }],
  ])("on AWS: a mistake in %s is told", (path, objects) => {
    const texts = Object.entries(objects).map(([key, value]) => [key, JSON.stringify(value)]);
    const mistakes = mistakesOf({ target: "aws", ...root, ...(Object.fromEntries(texts) as Record<string, string>) });
    expect(mistakes).toEqual([expect.stringMatching(`^${path.replaceAll(/[[\]]/g, "\\$&")}: `)]);
  });

  test("a certificate of one's own comes with its key, and with the mode that uses it", async () => {
    const keys = tlsKeys(root["secret rootSecret"], 1);
    const tlsCertificate = await serverCertificate(keys, ["airbyte.example.com"]);
    const given = { target: "aws", ...root, aws: JSON.stringify(aws), tls: '{"mode": "provided"}' };
    expect(mistakesOf({ ...given, tlsCertificate, "secret tlsKey": serverKeyPem(keys) })).toEqual([]);
    expect(mistakesOf(given)).toEqual([
      expect.stringContaining("tlsCertificate: is missing"),
      expect.stringContaining("tlsKey: is missing"),
    ]);
    const other = serverKeyPem(tlsKeys(root["secret rootSecret"], 2));
    expect(mistakesOf({ ...given, tlsCertificate, "secret tlsKey": other })).toEqual([
      expect.stringContaining("tlsKey: is not the key of tlsCertificate"),
    ]);
    expect(mistakesOf({ ...given, tls: "{}", tlsCertificate })).toEqual([
      expect.stringContaining("tlsCertificate: is no setting of tls.mode ca"),
    ]);
  });

  test("in Docker: a root secret is all that it needs, and it must be one", () => {
    expect(readConfig(stack({ target: "docker", ...root }))).toMatchObject({ target: "docker", docker: {} });
    expect(mistakesOf({ target: "docker", "secret rootSecret": "short" })).toEqual([
      expect.stringContaining("rootSecret: expected at least 32 random bytes"),
    ]);
    expect(mistakesOf({ target: "docker", rootSecret: root["secret rootSecret"] })).toEqual([
      expect.stringContaining("rootSecret: must be a secret"),
    ]);
  });

  describe("in a cluster", () => {
    const url = "https://airbyte.example.com";
    const cluster = (kubernetes: object, over: Record<string, string> = {}) =>
      mistakesOf({ target: "kubernetes", url, ...root, kubernetes: JSON.stringify(kubernetes), ...over });
    const database = { host: "db.example.com", name: "airbyte", user: "loader" };

    test("address and root secret are all that it needs", () => {
      expect(readConfig(stack({ target: "kubernetes", url, ...root }))).toMatchObject({
        adminEmail: "admin@example.com",
        kubernetes: { namespace: "airbyte", createNamespace: true, readyMinutes: 40 },
        releases: { chart: "2.2.0" },
      });
      expect(mistakesOf({ target: "kubernetes" })).toEqual([
        expect.stringMatching(/^url: is missing/),
        expect.stringMatching(/^rootSecret: is missing/),
      ]);
    });

    test("credentials go encrypted only, or don't leave the machine", () => {
      expect(cluster({}, { url: "http://airbyte.example.com" })).toEqual([
        "url: expected https://; Airbyte's tokens and secrets go over it\n  pulumi config set url https://airbyte.example.com",
      ]);
      expect(cluster({}, { url: "http://localhost:8080" })).toEqual([]);
    });

    test("a single wrong setting hides no secret that is missing", () => {
      expect(cluster({ database, namespace: "Airbyte" }, { url: "ftp://x" })).toEqual([
        expect.stringMatching(/^url: expected an address/),
        expect.stringMatching(/^kubernetes.namespace: /),
        expect.stringMatching(/^databasePassword: is missing/),
      ]);
    });

    test("each secret comes with what it is for, and is one", () => {
      const storage = { bucket: "files", region: "eu-central-1", accessKeyId: "AKIA1" };
      expect(cluster({ database, storage })).toEqual([
        expect.stringMatching(
          /^databasePassword: is missing; kubernetes.database needs it\n.*--secret databasePassword$/,
        ),
        expect.stringMatching(/^storageSecretKey: is missing; kubernetes.storage.accessKeyId needs it\n/),
      ]);
      expect(cluster({}, { "secret databasePassword": "x" })).toEqual([
        expect.stringContaining("databasePassword: belongs to kubernetes.database, which is not there"),
      ]);
      expect(cluster({ database }, { databasePassword: "x" })).toEqual([
        expect.stringMatching(/^databasePassword: must be a secret/),
      ]);
    });

    test.each([
      ["kubernetes.namespace", { namespace: "Airbyte" }],
      ["kubernetes.namespce", { namespce: "airbyte" }],
      ["kubernetes.database.host", { database: { name: "airbyte", user: "loader" } }],
      ["kubernetes.storage.region", { storage: { bucket: "files" } }],
      ["kubernetes.ingress.className", { ingress: { className: "not a name" } }],
    ])("a mistake in %s is told", (path, kubernetes) => {
      const given = "database" in kubernetes ? { "secret databasePassword": "x" } : {};
      expect(cluster(kubernetes, given)).toEqual([expect.stringMatching(`^${path}: `)]);
    });

    test("certificates and images of containers are no settings of it: the cluster brings them", () => {
      expect(cluster({}, { credentials: '{"tls": 2}' })).toEqual([
        expect.stringMatching(/^credentials.tls: unknown key/),
      ]);
      expect(cluster({}, { tls: '{"mode": "ca"}' })).toEqual([expect.stringMatching(/^tls: /)]);
    });
  });

  test("the admin's e-mail address is one", () => {
    expect(mistakesOf({ target: "docker", ...root, adminEmail: "me" })).toEqual([
      "adminEmail: expected an e-mail address\n  pulumi config set adminEmail me@example.com",
    ]);
  });
});
