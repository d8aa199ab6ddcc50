/** Name of the Secret that the chart's pods take their credentials from. */
export const PRESET_SECRET = "airbyte-preset";

/** The keys of that Secret: what the pods of chart 2.2.0 ask for, no more and no less. The last two are for S3 with a key of its own. */
export const presetKeys = {
  adminPassword: "instance-admin-password",
  clientId: "instance-admin-client-id",
  clientSecret: "instance-admin-client-secret",
  jwtSignature: "jwt-signature-secret",
  databaseUser: "database-user",
  databasePassword: "database-password",
  storageKeyId: "s3-access-key-id",
  storageSecretKey: "s3-secret-access-key",
} as const;

/** The port of the server's service on its node, where the gateway finds it. */
export const NODE_PORT = 30801;

interface ChartSettings {
  /** Where Airbyte is reached, for links and as the issuer of tokens. */
  url: string;
  /** Version of the group `api`. A changed number is what makes Helm run the bootloader again and the server restart. */
  credentialVersion: number;
  database: DatabaseSettings;
  storage: StorageSettings;
  /** How the server's service is reached. */
  service: { type: "NodePort"; nodePort: number } | { type: "ClusterIP" };
  /** All of it runs on one small machine, where no sync can have CPUs set aside for it. */
  singleNode: boolean;
}

export type DatabaseSettings =
  { type: "internal"; volumeGb: number } | { type: "external"; host: string; port: number; name: string };

export type StorageSettings =
  | { type: "local" }
  | {
      type: "s3";
      bucket: string;
      region: string;
      /** With a key of its own, from the Secret; else by the role of the machines or of the service account. */
      hasKey: boolean;
    };

/**
 * Values for Airbyte's Helm chart 2.2.0, without anything secret: the credentials come from the Secret `airbyte-preset`, which must be
 * there first.
 */
export function chartValues(settings: ChartSettings): Record<string, unknown> {
  const { database, storage } = settings;
  const credentials = { CREDENTIALS_VERSION: String(settings.credentialVersion) };
  return {
    global: {
      edition: "community",
      airbyteUrl: settings.url,
      auth: {
        enabled: true,
        secretName: PRESET_SECRET,
        instanceAdmin: {
          passwordSecretKey: presetKeys.adminPassword,
          clientIdSecretKey: presetKeys.clientId,
          clientSecretSecretKey: presetKeys.clientSecret,
        },
        security: {
          cookieSecureSetting: true,
          jwtSignatureSecretKey: presetKeys.jwtSignature,
          // This one is in no documentation; without it the bootloader waits for ever for a key of another name.
          jwtSignatureSecretSecretKey: presetKeys.jwtSignature,
        },
      },
      database: databaseValues(database),
      storage: storageValues(storage),
      tracking: { strategy: "logging" },
      // A sync of a database asks for 4 CPUs by default, which a machine of 4 never has left.
      ...(settings.singleNode ? { workloads: { resources: jobResources() } } : {}),
    },
    ingress: { enabled: false },
    server: {
      service: settings.service,
      // It has no start-up probe, and its first start takes longer than the minute that the chart gives it.
      livenessProbe: { initialDelaySeconds: 180 },
      env_vars: { ...credentials },
    },
    workloadLauncher: { env_vars: { ...credentials } },
    airbyteBootloader: {
      env_vars: {
        ...credentials,
        // The database's image may still be on its way when the bootloader starts to wait.
        CONFIGS_DATABASE_INITIALIZATION_TIMEOUT_MS: "600000",
        JOBS_DATABASE_INITIALIZATION_TIMEOUT_MS: "600000",
      },
    },
    postgresql:
      database.type === "internal" ? { storage: { volumeClaimValue: `${database.volumeGb}Gi` } } : { enabled: false },
    minio: { enabled: false },
  };
}

/** The one secret value that the chart takes in plain text only: of the database that it brings. */
export function secretChartValues(databasePassword: string): Record<string, unknown> {
  return { postgresql: { postgresqlPassword: databasePassword } };
}

function databaseValues(database: DatabaseSettings): Record<string, unknown> {
  const keys = { userSecretKey: presetKeys.databaseUser, passwordSecretKey: presetKeys.databasePassword };
  const where = database.type === "internal" ? {} : { host: database.host, port: database.port, name: database.name };
  // The chart's pods want a replica's keys too, and would not start without them.
  return { type: database.type, ...where, secretName: PRESET_SECRET, ...keys, replica: keys };
}

function storageValues(storage: StorageSettings): Record<string, unknown> {
  if (storage.type === "local") return { type: "local" };
  const { bucket, region, hasKey } = storage;
  const keys = { accessKeyIdSecretKey: presetKeys.storageKeyId, secretAccessKeySecretKey: presetKeys.storageSecretKey };
  return {
    type: "s3",
    bucket: Object.fromEntries(storageUses.map((use) => [use, bucket])),
    ...(hasKey ? { secretName: PRESET_SECRET } : {}),
    s3: { region, authenticationType: hasKey ? "credentials" : "instanceProfile", ...(hasKey ? keys : {}) },
  };
}

/** What the chart has a bucket for, each with a default of its own. */
const storageUses = ["log", "auditLogging", "state", "workloadOutput", "activityPayload"];

function jobResources(): Record<string, unknown> {
  const small = { cpu: { request: "0" }, memory: { request: "0" } };
  const main = { cpu: { request: "0", limit: "2" }, memory: { request: "0", limit: "2Gi" } };
  return { mainContainer: main, check: small, discover: small, replication: small, sidecar: small };
}
