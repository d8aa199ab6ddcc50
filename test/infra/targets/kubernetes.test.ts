import type * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { apiCredentials, fixedCredentials } from "../../../credentials/credentials.ts";
import { declare, ROOT, valueOf } from "./mocked.ts";

const stack = (kubernetes: object = {}, over: Record<string, string> = {}) => ({
  target: "kubernetes",
  url: "https://airbyte.example.com",
  rootSecret: ROOT,
  kubernetes: JSON.stringify(kubernetes),
  ...over,
});
const ownData = {
  kubernetes: {
    database: { host: "db.example.com", name: "airbyte", user: "loader" },
    storage: { bucket: "files", region: "eu-central-1", accessKeyId: "AKIA1" },
  },
  secrets: { databasePassword: "db-password", storageSecretKey: "key-of-the-bucket" },
};

interface Release {
  version: string;
  namespace: string;
  valueYamlFiles: pulumi.asset.StringAsset[];
  values: unknown;
}

/** The chart's values as the program wrote them. */
async function chartOf(find: (type: string) => Record<string, unknown>) {
  const release = find("helm.sh/v3:Release") as unknown as Release;
  const text = await release.valueYamlFiles[0]?.text;
  return { release, text: text ?? "", values: parse(text ?? "") as Record<string, never> };
}

afterEach(() => void vi.unstubAllEnvs());

describe.each([
  ["a preview", true],
  ["an up", false],
])("in a cluster, %s", (_, preview) => {
  test("declares the chart in a namespace of its own, with nothing secret in its values but the database's password", async () => {
    const { declared, find, target } = await declare(stack(), preview);
    const { release, text, values } = await chartOf(find);
    expect(release).toMatchObject({ version: "2.2.0", namespace: "airbyte" });
    expect(values).toMatchObject({
      global: { airbyteUrl: "https://airbyte.example.com", storage: { type: "local" }, database: { type: "internal" } },
      server: { service: { type: "ClusterIP" } },
    });
    const { databasePassword } = fixedCredentials(ROOT);
    for (const secret of Object.values({ ...apiCredentials(ROOT, 1), databasePassword }))
      expect(text).not.toContain(secret);
    expect(release.values).toEqual({ postgresql: { postgresqlPassword: databasePassword } });
    expect(find("core/v1:Secret").stringData).toMatchObject({
      "instance-admin-client-id": apiCredentials(ROOT, 1).clientId,
      "database-password": databasePassword,
    });
    expect(declared.map(({ type }) => type.split(":").at(-1))).toEqual(
      expect.arrayContaining(["Namespace", "PersistentVolumeClaim", "Readiness", "Installation"]),
    );
    expect(await valueOf(target.outputs.adminEmail)).toBe("admin@example.com");
    expect(await valueOf(target.outputs.look)).toBe("kubectl get pods --namespace airbyte");
  });

  test("free values of which the stack keeps a part encrypted are secrets, in lists too, and the rest is readable as before", async () => {
    const values = {
      global: { smtp: { password: "smtp-password-1" } },
      extraEnv: [{ name: "A", value: "in-a-list-2" }],
    };
    const given = {
      ...ownData.kubernetes,
      values,
      ingress: { annotations: { "auth.example.com/secret": "annotation-3" } },
      namespace: "data",
    };
    const { declared, find } = await declare(stack(given, ownData.secrets), preview, ["kubernetes"]);
    expect(find("helm.sh/v3:Release").values).toMatchObject(values);
    const shown = JSON.stringify(declared.map((resource) => resource.shown));
    for (const secret of ["smtp-password-1", "in-a-list-2", "annotation-3"]) expect(shown).not.toContain(secret);
    const release = declared.find(({ type }) => type.endsWith("helm.sh/v3:Release"))?.shown;
    expect(release).toMatchObject({ namespace: "data", values: "[secret]" });
    expect(JSON.stringify(declared.find(({ type }) => type.endsWith("Readiness"))?.shown)).not.toMatch(
      /2\.2\.0 [0-9a-f]/,
    );

    const plain = { ...ownData.kubernetes, values: { global: { image: { registry: "mirror" } } } };
    const open = await declare(stack(plain, ownData.secrets), preview);
    expect(open.declared.find(({ type }) => type.endsWith("helm.sh/v3:Release"))?.shown).toMatchObject({
      values: { global: { image: { registry: "mirror" } } },
    });
  });

  test("takes a database and a bucket of one's own, and then no volume", async () => {
    const { declared, find } = await declare(stack(ownData.kubernetes, ownData.secrets), preview);
    const { release, text, values } = await chartOf(find);
    expect(values).toMatchObject({
      global: {
        database: { type: "external", host: "db.example.com", port: 5432, name: "airbyte" },
        storage: { type: "s3", bucket: { log: "files" }, s3: { region: "eu-central-1" } },
      },
      postgresql: { enabled: false },
    });
    for (const secret of Object.values(ownData.secrets)) expect(text).not.toContain(secret);
    expect(release.values).toEqual({});
    expect(find("core/v1:Secret").stringData).toMatchObject({
      "database-user": "loader",
      "database-password": "db-password",
      "s3-access-key-id": "AKIA1",
      "s3-secret-access-key": "key-of-the-bucket",
    });
    expect(declared.map(({ type }) => type).join()).not.toContain("PersistentVolumeClaim");
  });
});

test("in a cluster, the way in is an ingress of one's choice, else somebody else's and named while waiting", async () => {
  const without = await declare(stack(), false);
  expect(without.declared.map(({ type }) => type).join()).not.toContain("Ingress");
  expect(without.find("Readiness").needs).toContain("airbyte-airbyte-server-svc");

  const ingress = { className: "nginx", tlsSecret: "airbyte-tls", annotations: { a: "b" } };
  const { find } = await declare(stack({ ingress }), false);
  expect(find("Ingress")).toMatchObject({
    metadata: { namespace: "airbyte", annotations: { a: "b" } },
    spec: {
      ingressClassName: "nginx",
      tls: [{ hosts: ["airbyte.example.com"], secretName: "airbyte-tls" }],
      rules: [{ host: "airbyte.example.com", http: { paths: [{ backend: { service: { port: { name: "http" } } } }] } }],
    },
  });
  expect(find("Readiness").needs).toBeUndefined();
});

test("in a cluster, another chart, version of credentials or value of one's own is waited for anew, and nothing else is", async () => {
  const startedBy = async (settings: Record<string, string>) =>
    (await declare(settings, false)).find("Readiness").startedBy;
  const first = await startedBy(stack());
  expect(await startedBy(stack({ readyMinutes: 5 }))).toEqual(first);
  expect(await startedBy(stack({}, { credentials: '{"api": 2}' }))).not.toEqual(first);
  expect(await startedBy(stack({}, { releases: '{"chart": "2.3.0"}' }))).not.toEqual(first);
  expect(await startedBy(stack({ values: { temporal: { enabled: true } } }))).not.toEqual(first);
});

test("in a cluster, context and a namespace that is there already are taken as given", async () => {
  const { declared, find } = await declare(
    stack({ context: "production", namespace: "data", createNamespace: false }),
    false,
  );
  expect(find("pulumi:providers:kubernetes")).toMatchObject({ context: "production" });
  expect(declared.map(({ type }) => type).join()).not.toContain("Namespace");
  expect(find("PersistentVolumeClaim").metadata).toMatchObject({ namespace: "data" });
});
