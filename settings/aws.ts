import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { isCidr, isWorld } from "./address-blocks.ts";
import { certificates, isPem, isPrivateKey } from "./container.ts";

const text = z.string().min(1, "the text is empty");
const id = (prefix: string) =>
  text.regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `expected an id such as ${prefix}-0a1b2c3d4e5f67890`);

const cidr = text.refine(isCidr, "expected a block of addresses such as 203.0.113.7/32");

const host = z
  .strictObject({
    region: z
      .string("is missing; expected a region of AWS such as eu-central-1")
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "expected a region of AWS such as eu-central-1"),
    allowedCidrs: z.array(cidr, "is missing; expected a list of the blocks of addresses that may reach Airbyte").min(1),
    allowWorld: z.boolean().default(false),
    instanceType: text
      .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "expected a type of instance such as m6i.xlarge")
      .default("m6i.xlarge"),
    dataVolumeGb: z.int().min(40).max(16_384).default(100),
    rootVolumeGb: z.int().min(10).max(16_384).default(20),
    snapshotDays: z.int().min(1).max(1000).default(7),
    vpcId: id("vpc").optional(),
    subnetId: id("subnet").optional(),
    connect: z.enum(["ssh", "ssm"]).default("ssh"),
    readyMinutes: z.int().min(1).max(240).default(40),
    tags: z.record(z.string(), z.string()).default({}),
  })
  .prefault({} as never)
  .superRefine((aws, context) => {
    const blocks = aws.allowedCidrs;
    if (!aws.allowWorld && isWorld(blocks)) {
      const one = blocks.findIndex((block) => isWorld([block]));
      const remedy = "name the addresses that may come in, or set aws.allowWorld to true";
      const message = `${one < 0 ? "together open" : "opens"} Airbyte to the whole internet, or a large part of it; ${remedy}`;
      context.addIssue({ code: "custom", path: ["allowedCidrs", ...(one < 0 ? [] : [one])], message });
    }
    if ((aws.vpcId === undefined) !== (aws.subnetId === undefined)) {
      const missing = aws.vpcId === undefined ? "vpcId" : "subnetId";
      const message = "is missing; vpcId and subnetId are given together, or neither";
      context.addIssue({ code: "custom", path: [missing], message });
    }
  });

const tls = z
  .strictObject({
    mode: z.enum(["ca", "provided", "acme"]).default("ca"),
    domain: text.regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/i, "expected a name such as airbyte.example.com").optional(),
    hostedZoneId: text
      .regex(/^Z[A-Z0-9]+$/, "expected the id of a hosted zone such as Z0123456789ABCDEFGHIJ")
      .optional(),
    email: z.email("expected an e-mail address").optional(),
  })
  .prefault({})
  .superRefine(({ mode, domain, hostedZoneId, email }, context) => {
    const missing = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (mode === "acme" && domain === undefined) missing("domain", "is missing; Let's Encrypt certifies names only");
    if (mode === "acme" && email === undefined)
      missing("email", "is missing; Let's Encrypt writes there before a certificate expires");
    if (hostedZoneId !== undefined && domain === undefined)
      missing("domain", "is missing; it is the name of the record in the hosted zone");
  });

/** Settings of the target `aws` beside those of the containers. */
export const awsShape = {
  aws: host,
  tls,
  tlsCertificate: certificates.optional(),
  tlsKey: text.refine(isPrivateKey, "expected a private key in PEM form").optional(),
  caCertificate: certificates.optional(),
};

interface ProvidedTls {
  tls: { mode: string };
  tlsCertificate?: string | undefined;
  tlsKey?: string | undefined;
}

/** A certificate of one's own comes as a pair, and with the mode that uses it. */
export function checkProvidedTls({ tls, tlsCertificate, tlsKey }: ProvidedTls, context: z.RefinementCtx): void {
  const mistake = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
  for (const [key, value] of Object.entries({ tlsCertificate, tlsKey })) {
    if (tls.mode === "provided" && value === undefined) mistake(key, "is missing; tls.mode provided needs it");
    if (tls.mode !== "provided" && value !== undefined) mistake(key, `is no setting of tls.mode ${tls.mode}`);
  }
  // What is no certificate or no key at all is told by the setting itself.
  if (tlsCertificate === undefined || tlsKey === undefined || !isPem(tlsCertificate) || !isPrivateKey(tlsKey)) return;
  const fits = new X509Certificate(tlsCertificate).checkPrivateKey(createPrivateKey(tlsKey));
  if (!fits) mistake("tlsKey", "is not the key of tlsCertificate");
}

export const awsExamples: Record<string, string> = {
  aws: "--path aws.region eu-central-1",
  "aws.region": "--path aws.region eu-central-1",
  "aws.allowedCidrs": "--path 'aws.allowedCidrs[0]' 203.0.113.7/32",
  "aws.allowedCidrs.0": "--path 'aws.allowedCidrs[0]' 203.0.113.7/32",
  "aws.allowWorld": "--path aws.allowWorld true",
  "aws.instanceType": "--path aws.instanceType m6i.xlarge",
  "aws.dataVolumeGb": "--path aws.dataVolumeGb 100",
  "aws.rootVolumeGb": "--path aws.rootVolumeGb 20",
  "aws.snapshotDays": "--path aws.snapshotDays 7",
  "aws.vpcId": "--path aws.vpcId vpc-0a1b2c3d4e5f67890",
  "aws.subnetId": "--path aws.subnetId subnet-0a1b2c3d4e5f67890",
  "aws.connect": "--path aws.connect ssm",
  "aws.readyMinutes": "--path aws.readyMinutes 60",
  "aws.tags": "--path aws.tags.team data",
  tls: "--path tls.mode ca",
  "tls.mode": "--path tls.mode ca",
  "tls.domain": "--path tls.domain airbyte.example.com",
  "tls.hostedZoneId": "--path tls.hostedZoneId Z0123456789ABCDEFGHIJ",
  "tls.email": "--path tls.email me@example.com",
  tlsCertificate: "tlsCertificate < server.pem",
  tlsKey: "--secret tlsKey < server.key",
};
