import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { pulumiCommand } from "../errors/commands.ts";
import { meant, mistake, on, text, type Rule, type Setting } from "./setting.ts";

const certificates = text.refine(
  isPem,
  "expected certificates in PEM form (-----BEGIN CERTIFICATE----- …); found something else",
);

const modes = ["ca", "provided", "acme"] as const;

export const tlsSettings = {
  tls: {
    about:
      "mode: ca (default; the stack's own authority), provided (tlsCertificate, tlsKey) or acme (Let's Encrypt, which opens port 80 to the world; needs domain and email); domain; hostedZoneId (the zone in Route 53 for its record); email.",
    example: {
      mode: "ca",
      domain: "airbyte.example.com",
      hostedZoneId: "Z0123456789ABCDEFGHIJ",
      email: "me@example.com",
    },
    in: {
      aws: z
        .strictObject({
          mode: z.enum(modes).default("ca"),
          domain: text.regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/i, "expected a name such as airbyte.example.com").optional(),
          hostedZoneId: text
            .regex(/^Z[A-Z0-9]+$/, "expected the id of a hosted zone such as Z0123456789ABCDEFGHIJ")
            .optional(),
          email: z.email("expected an e-mail address").optional(),
        })
        .prefault({}),
    },
  },
  tlsCertificate: {
    about: "Certificate chain in PEM form, for tls.mode provided.",
    example: "< server.pem",
    in: { aws: certificates.optional() },
  },
  tlsKey: {
    about: "Its private key in PEM form.",
    example: "< server.key",
    secret: true,
    in: { aws: text.refine(isPrivateKey, "expected a private key in PEM form").optional() },
  },
  caCertificate: {
    about: "Certificate authority of Airbyte's TLS in PEM form, where the machine doesn't know it.",
    example: "< ca.pem",
    in: on(["existing", "aws", "kubernetes"], certificates.optional()),
  },
} satisfies Record<string, Setting>;

export const tlsRules: Rule[] = [
  function certified(value) {
    const [mode, domain] = [modeOf(value), value("tls.domain")];
    const missing = [];
    if (mode === "acme" && domain === undefined)
      missing.push(mistake("tls.domain", "is missing; Let's Encrypt certifies names only"));
    else if (value("tls.hostedZoneId") !== undefined && domain === undefined)
      missing.push(mistake("tls.domain", "is missing; it is the name of the record in the hosted zone"));
    if (mode === "acme" && value("tls.email") === undefined)
      missing.push(mistake("tls.email", "is missing; Let's Encrypt writes there before a certificate expires"));
    return missing;
  },

  /** A certificate of one's own comes as a pair, and with the mode that uses it. */
  function provided(value) {
    const mode = modeOf(value);
    const [certificate, key] = [value("tlsCertificate"), value("tlsKey")];
    const mistakes = Object.entries({ tlsCertificate: certificate, tlsKey: key }).flatMap(([name, given]) => {
      if (mode === "provided" && given === undefined) return [mistake(name, "is missing; tls.mode provided needs it")];
      if (mode === undefined || mode === "provided" || given === undefined) return [];
      const remedy = `${pulumiCommand(`config rm ${name}`)}, or ${pulumiCommand("config set --path tls.mode provided")}`;
      return [mistake(name, `is no setting of tls.mode ${mode}`, remedy)];
    });
    // What is no certificate or no key at all is told by the setting itself.
    if (typeof certificate !== "string" || typeof key !== "string" || !isPem(certificate) || !isPrivateKey(key))
      return mistakes;
    const fits = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
    return fits ? mistakes : [...mistakes, mistake("tlsKey", "is not the key of tlsCertificate")];
  },
];

/** The mode; for what is none, the one of which other settings speak. */
function modeOf(value: Parameters<Rule>[0]): (typeof modes)[number] | undefined {
  const [mode = "ca", email, ...own] = ["tls.mode", "tls.email", "tlsCertificate", "tlsKey"].map(value);
  const otherwise = typeof email === "string" ? "acme" : undefined;
  return meant(modes, mode) ?? (own.some((given) => given !== undefined) ? "provided" : otherwise);
}

/** Certificates in PEM form, and nothing that only looks like them. */
function isPem(value: string): boolean {
  const blocks = value.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0;
  } catch {
    return false;
  }
}

function isPrivateKey(value: string): boolean {
  try {
    return createPrivateKey(value).type === "private";
  } catch {
    return false;
  }
}
