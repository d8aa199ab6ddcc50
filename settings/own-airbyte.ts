import { z } from "zod";
import { rootSecretCommand, rootSecretMistake } from "../credentials/credentials.ts";
import { mistake, on, port, readyMinutes, text, whole, type Rule, type Setting } from "./setting.ts";

/** What is installed, each pinned. */
export interface Releases {
  /** Version of Airbyte's official Helm chart (V2), which names all of Airbyte's images. */
  chart: string;
  k3s: string;
  caddy: string;
}

/**
 * k3s v1.35.5 is the last with Helm 3: the Helm 4 of later ones applies on the server, which is stricter. A tag alone can be moved, so
 * for the container that holds everything the digest counts.
 */
const defaultReleases: Releases = {
  chart: "2.2.0",
  k3s: "rancher/k3s:v1.35.5-k3s1@sha256:2074403abe1bded11ef3dde09d457e13be8e0b64c218b1c4f8269b4565cfbc65",
  caddy: "caddy:2.10.2-alpine",
};

const rootSecret = z.string(`is missing; make it with: ${rootSecretCommand}`).superRefine((value, context) => {
  const wrong = rootSecretMistake(value);
  if (wrong !== undefined) context.addIssue(wrong);
});

const version = whole("a whole number", 1, 1_000_000).default(1);
const release = text
  .regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, "expected a version of Airbyte's chart, such as 2.2.0")
  .default(defaultReleases.chart);
const image = text.regex(/^[\w./:-]+@sha256:[0-9a-f]{64}$/, "expected an image with tag and digest: NAME:TAG@sha256:…");

/** Where k3s runs in a container of ours. */
const containers = ["docker", "aws"] as const;

/** Settings of every target that sets an Airbyte up. A cluster brings its own containers and TLS. */
export const ownAirbyteSettings = {
  rootSecret: {
    about: `All credentials are derived from it: ${rootSecretCommand}.`,
    example: "",
    secret: true,
    in: on([...containers, "kubernetes"], rootSecret),
  },
  adminEmail: {
    about: "What the admin signs in with. Default: admin@example.com.",
    example: "me@example.com",
    in: on([...containers, "kubernetes"], z.email("expected an e-mail address").default("admin@example.com")),
  },
  credentials: {
    about:
      "Versions of what is derived from rootSecret: api (admin password, client id and secret) and, but in a cluster, tls. One more is a new credential. Default: 1 each.",
    example: { api: "2", tls: "2" },
    // Anew for each parse: zod fills in the defaults of what is missing.
    in: {
      ...on(containers, z.strictObject({ api: version, tls: version }).prefault({})),
      kubernetes: z.strictObject({ api: version }).prefault({}),
    },
  },
  releases: {
    about:
      "What is installed: chart (version of Airbyte's chart) and, but in a cluster, k3s and caddy (images with tag and digest). Default: those that were read.",
    example: { chart: defaultReleases.chart, k3s: defaultReleases.k3s, caddy: "caddy:TAG@sha256:DIGEST" },
    in: {
      ...on(
        containers,
        z
          .strictObject({
            chart: release,
            k3s: image.default(defaultReleases.k3s),
            caddy: image.default(defaultReleases.caddy),
          })
          .prefault({}),
      ),
      kubernetes: z.strictObject({ chart: release }).prefault({}),
    },
  },
  docker: {
    about: "port (of 127.0.0.1; default 8443) and keepData (destroy leaves the volumes; default false).",
    example: { port: "8443", keepData: "true" },
    in: { docker: z.strictObject({ port: port.optional(), keepData: z.boolean().optional() }).default({}) },
  },
} satisfies Record<string, Setting>;

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
