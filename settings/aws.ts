import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { pulumiCommand } from "../errors/user-error.ts";
import { isCidr, isWorld } from "./address-blocks.ts";
import { meant, mistake, on, readyMinutes, text, whole, type Rule, type Setting } from "./setting.ts";

const id = (prefix: string) =>
  text.regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `expected an id such as ${prefix}-0a1b2c3d4e5f67890`);

const cidr = text.refine(isCidr, "expected a block of addresses such as 203.0.113.7/32");

const missing = (expected: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? `is missing; expected ${expected}` : undefined),
});

const certificates = text.refine(
  isPem,
  "expected certificates in PEM form (-----BEGIN CERTIFICATE----- …); found something else",
);

const modes = ["ca", "provided", "acme"] as const;

/** An EC2 instance that the program makes, and its TLS. */
export const awsSettings = {
  aws: {
    about:
      "region; allowedCidrs, a list: who may reach Airbyte (no default); allowWorld (it may be the whole internet); instanceType (default m6i.xlarge: 4 CPUs, 16 GB); dataVolumeGb (100), rootVolumeGb (20), snapshotDays (7); vpcId and subnetId (default: a network of its own); connect: ssh (default) or ssm (port 22 stays shut); readyMinutes (how long an up waits; 40); tags.",
    example: {
      region: "eu-central-1",
      "allowedCidrs[0]": "203.0.113.7/32",
      allowWorld: "true",
      instanceType: "m6i.xlarge",
      dataVolumeGb: "100",
      rootVolumeGb: "20",
      snapshotDays: "7",
      vpcId: "vpc-0a1b2c3d4e5f67890",
      subnetId: "subnet-0a1b2c3d4e5f67890",
      connect: "ssm",
      readyMinutes: "60",
      "tags.team": "data",
    },
    in: {
      aws: z
        .strictObject({
          region: z
            .string(missing("a region of AWS such as eu-central-1"))
            .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "expected a region of AWS such as eu-central-1"),
          allowedCidrs: z.array(cidr, missing("a list of the blocks of addresses that may reach Airbyte")).min(1),
          allowWorld: z.boolean().default(false),
          instanceType: text
            .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "expected a type of instance such as m6i.xlarge")
            .default("m6i.xlarge"),
          dataVolumeGb: whole("a size in whole GB", 40, 16_384).default(100),
          rootVolumeGb: whole("a size in whole GB", 10, 16_384).default(20),
          snapshotDays: whole("a number of days", 1, 1000).default(7),
          vpcId: id("vpc").optional(),
          subnetId: id("subnet").optional(),
          connect: z.enum(["ssh", "ssm"]).default("ssh"),
          readyMinutes,
          tags: z.record(z.string(), z.string()).default({}),
        })
        .prefault({} as never),
    },
  },
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

export const awsRules: Rule[] = [
  function notTheWorld(value) {
    const given = value("aws.allowedCidrs");
    if (value("aws.allowWorld") === true) return [];
    const isList = Array.isArray(given);
    const blocks = isList ? given.map(String) : [String(given)];
    if (!isWorld(blocks)) return [];
    const one = blocks.findIndex((block) => isWorld([block]));
    const remedy = "name the addresses that may come in, or set aws.allowWorld to true";
    const text = `${one < 0 ? "together open" : "opens"} Airbyte to the whole internet, or a large part of it; ${remedy}`;
    return [{ path: ["aws", "allowedCidrs", ...(isList && one >= 0 ? [one] : [])], text }];
  },

  function ownNetwork(value) {
    const missing = ["aws.vpcId", "aws.subnetId"].filter((path) => value(path) === undefined);
    if (missing.length !== 1) return [];
    return missing.map((path) => mistake(path, "is missing; vpcId and subnetId are given together, or neither"));
  },

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

const variables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/**
 * Whether this machine has credentials where AWS's tools look for them: variables, the two files, or the role of the EC2 instance
 * that it is. Whether they are good, only AWS can tell.
 */
export function hasAwsCredentials(env: NodeJS.ProcessEnv = process.env, home = homedir()): boolean {
  if (variables.some((name) => Boolean(env[name]))) return true;
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, ".aws", "credentials"),
    env.AWS_CONFIG_FILE ?? join(home, ".aws", "config"),
  ];
  return files.some((file) => existsSync(file)) || isInstance();
}

function isInstance(): boolean {
  try {
    return readFileSync("/sys/devices/virtual/dmi/id/sys_vendor", "utf8").trim() === "Amazon EC2";
  } catch {
    return false;
  }
}
