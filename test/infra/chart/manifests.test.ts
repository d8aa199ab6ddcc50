import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { apiCredentials } from "../../../credentials/credentials.ts";
import { manifestFile, type Manifest } from "../../../infra/chart/manifests.ts";

const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";
const credentials = apiCredentials(ROOT, 1);
const settings = {
  url: "https://203.0.113.10",
  chart: "2.2.0",
  credentials,
  credentialVersion: 1,
  databasePassword: "Zx9dbPassw0rd",
};
const file = manifestFile(settings);

type Tree = Record<string, unknown>;
const documents = parseAllDocuments(file);
const objects = documents.map((document) => document.toJS() as Manifest);
const named = (name: string) => objects.find(({ metadata, kind }) => metadata.name === name && kind !== "Namespace");
const chart = objects.find(({ kind }) => kind === "HelmChart") as Manifest & { spec: Tree };
// `parse` refuses a map that has a key twice.
const values = parse(chart.spec.valuesContent as string) as Tree;
const preset = (objects.find(({ metadata }) => metadata.name === "airbyte-preset") as Manifest & { stringData: Tree })
  .stringData;

/** Every value below, with its path. */
function leaves(value: unknown, path: string[] = []): { path: string; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [{ path: path.join("."), value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

describe("the manifests", () => {
  test("are valid YAML, in the order in which they are needed", () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`)).toEqual([
      "Namespace /airbyte",
      "Secret airbyte/airbyte-preset",
      "PersistentVolumeClaim airbyte/airbyte-storage-pvc",
      "Secret kube-system/airbyte-values",
      "HelmChart kube-system/airbyte",
    ]);
  });

  test("pin the chart", () => {
    expect(chart.spec).toMatchObject({
      repo: "https://airbytehq.github.io/charts",
      chart: "airbyte",
      version: "2.2.0",
      targetNamespace: "airbyte",
      timeout: "30m0s",
      valuesSecrets: [{ name: "airbyte-values", keys: ["values.yaml"] }],
    });
  });
});

describe("the Secret for Airbyte's pods", () => {
  test("has exactly the keys that the pods of chart 2.2.0 ask for, as text", () => {
    expect(Object.keys(preset).sort()).toEqual([
      "database-password",
      "database-user",
      "instance-admin-client-id",
      "instance-admin-client-secret",
      "instance-admin-password",
      "jwt-signature-secret",
    ]);
    for (const value of Object.values(preset)) expect(value).toEqual(expect.any(String));
    expect(preset).toMatchObject({
      "instance-admin-client-id": credentials.clientId,
      "instance-admin-client-secret": credentials.clientSecret,
    });
  });

  test("has every key that the values name, in both places where the chart looks for it", () => {
    const wanted = leaves(values).filter(({ path }) => path.endsWith("SecretKey"));
    expect(wanted).toHaveLength(9);
    for (const { path, value } of wanted) expect(Object.keys(preset), path).toContain(value);
    const secrets = leaves(values).filter(({ path }) => path.endsWith("secretName"));
    expect(secrets.map(({ value }) => value)).toEqual(["airbyte-preset", "airbyte-preset"]);
  });

  test("has the password that the database is made with", () => {
    const secret = named("airbyte-values") as Manifest & { stringData: Record<string, string> };
    const secretValues = parse(secret.stringData["values.yaml"] ?? "") as Tree;
    expect(secretValues).toEqual({ postgresql: { postgresqlPassword: preset["database-password"] } });
  });
});

describe("the chart's values", () => {
  test("hold nothing secret: everybody in the cluster may read them", () => {
    for (const secret of Object.values({ ...credentials, database: settings.databasePassword })) {
      expect(chart.spec.valuesContent).not.toContain(secret);
    }
  });

  test("give quantities as text, as Kubernetes wants them", () => {
    const quantities = leaves(values).filter(({ path }) => /\.(request|limit|volumeClaimValue)$/.test(path));
    expect(quantities).toHaveLength(13);
    for (const { path, value } of quantities) expect(value, path).toMatch(/^\d+(Gi)?$/);
  });

  test("give variables of pods as text, and none that the chart renders itself: Helm 4 refuses a name that is there twice", () => {
    const variables = leaves(values).filter(({ path }) => path.includes("env_vars."));
    expect(variables.map(({ path }) => path.split(".").at(-1)).sort()).toEqual([
      "CONFIGS_DATABASE_INITIALIZATION_TIMEOUT_MS",
      "CREDENTIALS_VERSION",
      "CREDENTIALS_VERSION",
      "CREDENTIALS_VERSION",
      "JOBS_DATABASE_INITIALIZATION_TIMEOUT_MS",
    ]);
    for (const { value } of variables) expect(value).toEqual(expect.any(String));
  });

  test("differ by the version of the credentials, so that Helm runs again and the server restarts", () => {
    const rotated = manifestFile({ ...settings, credentials: apiCredentials(ROOT, 2), credentialVersion: 2 });
    const other = parseAllDocuments(rotated).at(-1)?.toJS() as typeof chart;
    expect(other.spec.valuesContent).not.toBe(chart.spec.valuesContent);
    expect((other.spec.valuesContent as string).replaceAll('"2"', '"1"')).toContain('CREDENTIALS_VERSION: "1"');
  });
});
