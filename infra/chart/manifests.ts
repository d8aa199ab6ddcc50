import { stringify } from "yaml";
import type { ApiCredentials } from "../../credentials/credentials.ts";
import { chartValues, NODE_PORT, PRESET_SECRET, presetKeys, secretChartValues } from "./chart-values.ts";

export const NAMESPACE = "airbyte";
/** The user that the chart's own database is made with. */
const DATABASE_USER = "airbyte";
/** The release's name; the chart begins the names of all that it makes with it. */
export const RELEASE = "airbyte";
/** Where Airbyte publishes its charts of the second generation. */
export const CHART_REPOSITORY = "https://airbytehq.github.io/charts";

interface ManifestSettings {
  url: string;
  chart: string;
  credentials: ApiCredentials;
  /** Version of those credentials. */
  credentialVersion: number;
  databasePassword: string;
}

/** A Kubernetes object as far as it matters here. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  [key: string]: unknown;
}

/**
 * What k3s applies at its start to install Airbyte, in the order in which it is needed. k3s applies the file as a whole, tries again
 * until all of it is in, and removes what a later version of the file no longer has.
 */
export function manifests(settings: ManifestSettings): Manifest[] {
  const { credentials, databasePassword } = settings;
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    secret(PRESET_SECRET, NAMESPACE, presetSecret({ credentials, databasePassword })),
    { apiVersion: "v1", kind: "PersistentVolumeClaim", ...localStorage(NAMESPACE) },
    secret("airbyte-values", "kube-system", { "values.yaml": stringify(secretChartValues(databasePassword)) }),
    helmChart(settings),
  ];
}

/** The same as the text of one file. */
export function manifestFile(settings: ManifestSettings): string {
  return manifests(settings)
    .map((manifest) => stringify(manifest))
    .join("---\n");
}

interface Preset {
  credentials: ApiCredentials;
  databaseUser?: string;
  databasePassword: string;
  /** For S3, where it takes a key. */
  storage?: { keyId: string; secretKey: string } | undefined;
}

/** Content of the Secret that presets Airbyte's credentials. */
export function presetSecret(preset: Preset): Record<string, string> {
  const { credentials, databaseUser = DATABASE_USER, databasePassword, storage } = preset;
  return {
    [presetKeys.adminPassword]: credentials.adminPassword,
    [presetKeys.clientId]: credentials.clientId,
    [presetKeys.clientSecret]: credentials.clientSecret,
    [presetKeys.jwtSignature]: credentials.jwtSignature,
    [presetKeys.databaseUser]: databaseUser,
    [presetKeys.databasePassword]: databasePassword,
    ...(storage && { [presetKeys.storageKeyId]: storage.keyId, [presetKeys.storageSecretKey]: storage.secretKey }),
  };
}

function secret(name: string, namespace: string, stringData: Record<string, string>): Manifest {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "Opaque", stringData };
}

/** The chart mounts a claim of this name for storage of the type `local`, and doesn't make it. */
export function localStorage(namespace: string) {
  return {
    metadata: { name: "airbyte-storage-pvc", namespace },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
  };
}

/** k3s's own resource for "install this chart" (helm-controller). Its values are plain to everybody in the cluster, so no secret is in them. */
function helmChart({ url, chart, credentialVersion }: ManifestSettings): Manifest {
  const values = chartValues({
    url,
    credentialVersion,
    database: { type: "internal", volumeGb: 10 },
    storage: { type: "local" },
    service: { type: "NodePort", nodePort: NODE_PORT },
    singleNode: true,
  });
  return {
    apiVersion: "helm.cattle.io/v1",
    kind: "HelmChart",
    metadata: { name: RELEASE, namespace: "kube-system" },
    spec: {
      repo: CHART_REPOSITORY,
      chart: "airbyte",
      version: chart,
      targetNamespace: NAMESPACE,
      // Helm's own 5 minutes are over before the images are there.
      timeout: "30m0s",
      valuesContent: stringify(values),
      valuesSecrets: [{ name: "airbyte-values", keys: ["values.yaml"] }],
    },
  };
}
