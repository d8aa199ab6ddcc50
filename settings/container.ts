import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { defaultReleases } from "./releases.ts";
import { rootSecretCommand, rootSecretMistake } from "../credentials/root-secret.ts";

const text = z.string().min(1, "the text is empty");

/** The one secret that all credentials of an Airbyte of one's own are derived from. */
export const rootSecret = z.string(`is missing; make it with: ${rootSecretCommand}`).superRefine((value, context) => {
  const mistake = rootSecretMistake(value);
  if (mistake !== undefined) context.addIssue(mistake);
});

const version = z.int().min(1).max(1_000_000).default(1);

const release = text.regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, "expected a version of Airbyte's chart, such as 2.2.0");

const image = text.regex(/^[\w./:-]+@sha256:[0-9a-f]{64}$/, "expected an image with tag and digest: NAME:TAG@sha256:…");

/** Certificates in PEM form. */
export const certificates = text.refine(
  isPem,
  "expected certificates in PEM form (-----BEGIN CERTIFICATE----- …); found something else",
);

const adminEmail = z.email("expected an e-mail address").default("admin@example.com");

/** Settings of every target that runs Airbyte in k3s's container. */
export const containerShape = {
  adminEmail,
  // Anew for each parse: zod fills in the defaults of what is missing.
  credentials: z.strictObject({ api: version, tls: version }).prefault({}),
  releases: z
    .strictObject({
      chart: release.default(defaultReleases.chart),
      k3s: image.default(defaultReleases.k3s),
      caddy: image.default(defaultReleases.caddy),
    })
    .prefault({}),
};

/** The same where a cluster is there already, which brings containers and TLS. */
export const chartShape = {
  adminEmail,
  credentials: z.strictObject({ api: version }).prefault({}),
  releases: z.strictObject({ chart: release.default(defaultReleases.chart) }).prefault({}),
};

/** A private key in PEM form, as tlsKey. */
export function isPrivateKey(value: string): boolean {
  try {
    return createPrivateKey(value).type === "private";
  } catch {
    return false;
  }
}

export const containerExamples: Record<string, string> = {
  rootSecret: "--secret rootSecret",
  adminEmail: "adminEmail me@example.com",
  credentials: "--path credentials.api 2",
  "credentials.api": "--path credentials.api 2",
  "credentials.tls": "--path credentials.tls 2",
  releases: `--path releases.chart ${defaultReleases.chart}`,
  "releases.chart": `--path releases.chart ${defaultReleases.chart}`,
  "releases.k3s": `--path releases.k3s ${defaultReleases.k3s}`,
  "releases.caddy": "--path releases.caddy caddy:TAG@sha256:DIGEST",
};

/** Certificates in PEM form, and nothing that only looks like them. */
export function isPem(value: string): boolean {
  const blocks = value.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0;
  } catch {
    return false;
  }
}
