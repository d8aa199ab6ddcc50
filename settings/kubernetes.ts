import { z } from "zod";
import { mistake, port, readyMinutes, text, type Rule, type Setting } from "./setting.ts";

const label = text.regex(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "expected a name of Kubernetes: small letters, digits and dashes",
);

const database = z.strictObject({ host: text, port: port.default(5432), name: text, user: text });

const storage = z.strictObject({ bucket: text, region: text, accessKeyId: text.optional() });

const ingress = z.strictObject({
  className: label.optional(),
  tlsSecret: label.optional(),
  annotations: z.record(z.string(), z.string()).default({}),
});

/** Airbyte's chart in a cluster that is there already. */
export const kubernetesSettings = {
  kubernetes: {
    about:
      "context (of kubectl; default: the current one), namespace (airbyte), createNamespace (true), database (host, port, name, user: a PostgreSQL of yours; default: the chart's own), storage (bucket, region, accessKeyId: S3; default: a volume), ingress (className, tlsSecret, annotations; default: none is made), values (more values for the chart), readyMinutes (40).",
    example: {
      namespace: "airbyte",
      context: "production",
      createNamespace: "false",
      "database.host": "db.example.com",
      "database.port": "5432",
      "database.name": "airbyte",
      "database.user": "airbyte",
      "storage.bucket": "BUCKET",
      "storage.region": "eu-central-1",
      "storage.accessKeyId": "KEYID",
      "ingress.className": "nginx",
      "ingress.tlsSecret": "airbyte-tls",
      readyMinutes: "60",
    },
    in: {
      kubernetes: z
        .strictObject({
          context: text.optional(),
          namespace: label.default("airbyte"),
          createNamespace: z.boolean().default(true),
          database: database.optional(),
          storage: storage.optional(),
          ingress: ingress.optional(),
          values: z.record(z.string(), z.unknown()).default({}),
          readyMinutes,
        })
        .prefault({}),
    },
  },
  databasePassword: {
    about: "For kubernetes.database.",
    example: "",
    secret: true,
    in: { kubernetes: text.optional() },
  },
  storageSecretKey: {
    about: "For kubernetes.storage.accessKeyId.",
    example: "",
    secret: true,
    in: { kubernetes: text.optional() },
  },
} satisfies Record<string, Setting>;

/** Each secret, and the setting that it belongs to. */
const pairs = { databasePassword: "kubernetes.database", storageSecretKey: "kubernetes.storage.accessKeyId" };

export const kubernetesRules: Rule[] = [
  function secretsWithTheirOwners(value) {
    return Object.entries(pairs).flatMap(([secret, owner]) => {
      const [isGiven, isWanted] = [value(secret) !== undefined, value(owner) !== undefined];
      if (isGiven === isWanted || value(owner) === null) return [];
      return [mistake(secret, isWanted ? `is missing; ${owner} needs it` : `belongs to ${owner}, which is not there`)];
    });
  },
];
