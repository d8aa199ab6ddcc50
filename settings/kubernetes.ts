import { z } from "zod";

const text = z.string().min(1, "the text is empty");

const label = text.regex(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "expected a name of Kubernetes: small letters, digits and dashes",
);

const database = z.strictObject({
  host: text,
  port: z.int().min(1).max(65535).default(5432),
  name: text,
  user: text,
});

const storage = z.strictObject({
  bucket: text,
  region: text,
  accessKeyId: text.optional(),
});

const ingress = z.strictObject({
  className: label.optional(),
  tlsSecret: label.optional(),
  annotations: z.record(z.string(), z.string()).default({}),
});

/** Settings of the target `kubernetes` beside its address and root secret. */
export const kubernetesShape = {
  kubernetes: z
    .strictObject({
      context: text.optional(),
      namespace: label.default("airbyte"),
      createNamespace: z.boolean().default(true),
      database: database.optional(),
      storage: storage.optional(),
      ingress: ingress.optional(),
      values: z.record(z.string(), z.unknown()).default({}),
      readyMinutes: z.int().min(1).max(240).default(40),
    })
    .prefault({}),
  databasePassword: text.optional(),
  storageSecretKey: text.optional(),
};

interface ClusterSecrets {
  kubernetes: { database?: unknown; storage?: { accessKeyId?: string | undefined } | undefined };
  databasePassword?: string | undefined;
  storageSecretKey?: string | undefined;
}

/** Each secret comes with the setting that it belongs to. */
export function checkClusterSecrets(settings: ClusterSecrets, context: z.RefinementCtx): void {
  const { kubernetes, databasePassword, storageSecretKey } = settings;
  const pairs = [
    ["databasePassword", databasePassword, "kubernetes.database", kubernetes.database],
    ["storageSecretKey", storageSecretKey, "kubernetes.storage.accessKeyId", kubernetes.storage?.accessKeyId],
  ] as const;
  for (const [secret, value, owner, given] of pairs) {
    const mistake = (message: string) => context.addIssue({ code: "custom", path: [secret], message });
    if (given !== undefined && value === undefined) mistake(`is missing; ${owner} needs it`);
    if (given === undefined && value !== undefined) mistake(`belongs to ${owner}, which is not there`);
  }
}

export const kubernetesExamples: Record<string, string> = {
  kubernetes: "--path kubernetes.namespace airbyte",
  "kubernetes.context": "--path kubernetes.context production",
  "kubernetes.namespace": "--path kubernetes.namespace airbyte",
  "kubernetes.createNamespace": "--path kubernetes.createNamespace false",
  "kubernetes.database": "--path kubernetes.database.host db.example.com",
  "kubernetes.database.host": "--path kubernetes.database.host db.example.com",
  "kubernetes.database.port": "--path kubernetes.database.port 5432",
  "kubernetes.database.name": "--path kubernetes.database.name airbyte",
  "kubernetes.database.user": "--path kubernetes.database.user airbyte",
  "kubernetes.storage": "--path kubernetes.storage.bucket BUCKET",
  "kubernetes.storage.bucket": "--path kubernetes.storage.bucket BUCKET",
  "kubernetes.storage.region": "--path kubernetes.storage.region eu-central-1",
  "kubernetes.storage.accessKeyId": "--path kubernetes.storage.accessKeyId KEYID",
  "kubernetes.ingress": "--path kubernetes.ingress.className nginx",
  "kubernetes.ingress.className": "--path kubernetes.ingress.className nginx",
  "kubernetes.ingress.tlsSecret": "--path kubernetes.ingress.tlsSecret airbyte-tls",
  "kubernetes.readyMinutes": "--path kubernetes.readyMinutes 60",
  databasePassword: "--secret databasePassword",
  storageSecretKey: "--secret storageSecretKey",
};
