import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { apiCredentials, fixedCredentials } from "../../credentials/credentials.ts";
import type { KubernetesSettings } from "../../settings/config.ts";
import { freeValues, isSecret } from "../../settings/stack-config.ts";
import { parseAddress } from "../../settings/values.ts";
import {
  chartValues,
  PRESET_SECRET,
  secretChartValues,
  type DatabaseSettings,
  type StorageSettings,
} from "../chart/chart-values.ts";
import { CHART_REPOSITORY, localStorage, presetSecret, RELEASE } from "../chart/manifests.ts";
import { access, openAirbyte, type Target } from "./target.ts";

/** The chart's service with page and API, by its port's name. */
const SERVICE = { name: `${RELEASE}-airbyte-server-svc`, port: { name: "http" } };

// Pulumi would wait for a claim that nothing uses yet, and for an address that some controllers never note.
const unwaited = { "pulumi.com/skipAwait": "true" };

/** Airbyte's official chart in a cluster that is there already. */
export function onKubernetes(settings: KubernetesSettings, config = new pulumi.Config()): Target {
  const { url, adminEmail, credentials, releases, kubernetes: cluster } = settings;
  const { namespace, context } = cluster;
  const rootSecret = config.require("rootSecret");
  const api = apiCredentials(rootSecret, credentials.api);
  // A changed Secret is changed in place; as a new one it would be missing for a moment.
  const provider = new kubernetes.Provider("kubernetes", { context, enableSecretMutable: true });
  const keep = process.env.AIRBYTE_DESTROY_DATA !== "true";

  const place = home(cluster, { provider, protect: keep });
  const ownPassword = fixedCredentials(rootSecret).databasePassword;
  const databasePassword = cluster.database ? config.requireSecret("databasePassword") : ownPassword;
  const storageSecret =
    cluster.storage?.accessKeyId === undefined ? undefined : config.requireSecret("storageSecretKey");
  const preset = new kubernetes.core.v1.Secret(
    "airbyte-preset",
    {
      metadata: { name: PRESET_SECRET, namespace },
      stringData: pulumi
        .all([databasePassword, storageSecret])
        .apply(([password, secretKey]) =>
          pulumi.secret(presetFor(cluster, { credentials: api, databasePassword: password, secretKey })),
        ),
    },
    { provider, dependsOn: place },
  );

  const values = stringify(valuesFor(settings));
  const ownValues = freeValues(config, "kubernetes", cluster.values);
  const release = new kubernetes.helm.v3.Release(
    "airbyte",
    {
      name: RELEASE,
      namespace,
      chart: "airbyte",
      version: releases.chart,
      repositoryOpts: { repo: CHART_REPOSITORY },
      valueYamlFiles: [new pulumi.asset.StringAsset(values)],
      values: cluster.database ? ownValues : withPassword(ownValues, ownPassword),
      // Helm's own 5 minutes are over before the images are there. Whether Airbyte answers, Readiness finds out.
      timeout: 1800,
      skipAwait: true,
    },
    { provider, dependsOn: [preset, ...place] },
  );
  const annotations = freeValues(config, "kubernetes", cluster.ingress?.annotations ?? {});
  const route = ingress(settings, annotations, { provider, dependsOn: [release] });

  const kubectl = [
    "kubectl",
    ...(context === undefined ? [] : ["--context", context]),
    "get pods --namespace",
    namespace,
  ];
  const lookBy = kubectl.join(" ");
  // Of few possible values the digest would tell which it was.
  const told = (text: string) => (isSecret(config, "kubernetes") ? pulumi.secret(text) : text);
  const fingerprint = createHash("sha256").update(values).update(JSON.stringify(cluster.values)).digest("hex");
  const airbyte = openAirbyte({
    url,
    parts: [release, ...route],
    startedBy: [release.id, told(`${releases.chart} ${fingerprint.slice(0, 12)}`)],
    data: namespace,
    adminEmail,
    credentials,
    chart: releases.chart,
    minutes: cluster.readyMinutes,
    lookBy,
    needs: cluster.ingress
      ? undefined
      : `a way from ${url} to the service ${SERVICE.name} in the namespace ${namespace}`,
  });
  return { airbyte, outputs: { ...access(url, adminEmail, api, settings.caCertificate), namespace, look: lookBy } };
}

type Cluster = KubernetesSettings["kubernetes"];

/** Namespace and claim, where Airbyte's data are. `npm run destroy -- --destroy-data` gives them up. */
function home({ namespace, createNamespace, storage }: Cluster, options: pulumi.CustomResourceOptions) {
  const made = createNamespace
    ? [new kubernetes.core.v1.Namespace("airbyte", { metadata: { name: namespace } }, options)]
    : [];
  if (storage) return made;
  const { metadata, spec } = localStorage(namespace);
  const claim = new kubernetes.core.v1.PersistentVolumeClaim(
    "airbyte-storage",
    { metadata: { ...metadata, annotations: unwaited }, spec },
    { ...options, dependsOn: made },
  );
  return [...made, claim];
}

interface Given {
  credentials: ReturnType<typeof apiCredentials>;
  databasePassword: string;
  secretKey: string | undefined;
}

function presetFor({ database, storage }: Cluster, { secretKey, ...given }: Given): Record<string, string> {
  const keyId = storage?.accessKeyId;
  return presetSecret({
    ...given,
    ...(database && { databaseUser: database.user }),
    storage: keyId === undefined || secretKey === undefined ? undefined : { keyId, secretKey },
  });
}

function valuesFor({ url, credentials, kubernetes: { database, storage } }: KubernetesSettings) {
  const databaseSettings: DatabaseSettings = database
    ? { type: "external", host: database.host, port: database.port, name: database.name }
    : { type: "internal", volumeGb: 10 };
  const storageSettings: StorageSettings = storage
    ? { type: "s3", bucket: storage.bucket, region: storage.region, hasKey: storage.accessKeyId !== undefined }
    : { type: "local" };
  return chartValues({
    url,
    credentialVersion: credentials.api,
    database: databaseSettings,
    storage: storageSettings,
    service: { type: "ClusterIP" },
    singleNode: false,
  });
}

/** Values of the stack's own, with the one secret that the chart takes nowhere else. */
function withPassword(values: Record<string, unknown>, password: string): Record<string, pulumi.Input<unknown>> {
  const { postgresql } = secretChartValues(password) as { postgresql: object };
  return { ...values, postgresql: pulumi.secret({ ...(values.postgresql as object | undefined), ...postgresql }) };
}

function ingress(
  { url, kubernetes: { namespace, ingress: wanted } }: KubernetesSettings,
  annotations: Record<string, unknown>,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (!wanted) return [];
  const host = parseAddress(url)?.hostname ?? url;
  const { className, tlsSecret } = wanted;
  return [
    new kubernetes.networking.v1.Ingress(
      "airbyte",
      {
        metadata: {
          name: "airbyte",
          namespace,
          annotations: { ...unwaited, ...annotations } as Record<string, string>,
        },
        spec: {
          ingressClassName: className,
          tls: tlsSecret === undefined ? [] : [{ hosts: [host], secretName: tlsSecret }],
          rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: SERVICE } }] } }],
        },
      },
      options,
    ),
  ];
}
