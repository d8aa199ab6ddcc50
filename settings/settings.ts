import { isAbsolute, resolve, sep } from "node:path";
import { z } from "zod";
import { connectorsModes } from "../embedded/index.ts";
import { readRequestTimeout, REQUEST_TIMEOUT } from "./duration.ts";
import { isPlainHttp } from "./plain-http.ts";
import { inside } from "./inside.ts";
import { certificates, chartShape, containerExamples, containerShape, rootSecret } from "./container.ts";
import { awsExamples, awsShape, checkProvidedTls } from "./aws.ts";
import { checkClusterSecrets, kubernetesExamples, kubernetesShape } from "./kubernetes.ts";

const text = z.string().min(1, "the text is empty");

/** Relative to the project, where it can be named in messages and found on every machine. */
const pipelines = text.transform((value, context) => {
  const path = inside(process.cwd(), resolve(value));
  if (path === undefined) context.addIssue("expected the path of a file inside the project's folder");
  return path ?? z.NEVER;
});

/**
 * What is kept there is secret in part, and `destroy` removes folders of it: so in the project it is under `.airbyte`, which git
 * ignores and which holds no code.
 */
const stateDir = text.superRefine((value, context) => {
  const project = process.cwd();
  const folder = resolve(value);
  const isAround = folder === project || inside(folder, project) !== undefined;
  const path = inside(project, folder);
  const isLocal = path === undefined ? isAbsolute(value) && !isAround : path.startsWith(`.airbyte${sep}`);
  if (!isLocal) context.addIssue("expected a folder under .airbyte, or the absolute path of one outside the project");
});

// Every setting but an object comes as text.
const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((value) => value === "true");

// Only checked here: the provider reads it from the stack's configuration, as it does credentials.
const requestTimeout = text.refine((value) => readRequestTimeout(value) !== undefined, `expected ${REQUEST_TIMEOUT}`);

const common = {
  pipelines: pipelines.default("pipelines.yaml"),
  workspaceId: z.guid().optional(),
  stateDir,
  production: flag,
  paused: flag,
  requestTimeout: requestTimeout.optional(),
};

const embeddedSettings = z.strictObject({
  ...common,
  target: z.literal("embedded"),
  fast: flag,
  embedded: z
    .strictObject({
      port: z.int().min(1).max(65535).optional(),
      keepData: z.boolean().optional(),
      tokenTtlSeconds: z.int().min(1).max(86_400).optional(),
      faults: z.boolean().optional(),
      connectors: z.enum(connectorsModes).optional(),
    })
    .default({}),
});

const address = text.superRefine((value, context) => {
  const mistake = urlMistake(value);
  if (mistake !== undefined) context.addIssue(mistake);
});

const auths = ["application", "bearer", "basic", "none"] as const;
export type Auth = (typeof auths)[number];

const existingSettings = z
  .strictObject({
    ...common,
    target: z.literal("existing"),
    fast: flag,
    url: address.optional(),
    platform: text.optional(),
    auth: z.enum(auths).default("application"),
    clientId: text.optional(),
    clientSecret: text.optional(),
    tokenUrl: text.optional(),
    tokenBody: z.enum(["json", "form"]).optional(),
    bearerToken: text.optional(),
    basicUsername: text.optional(),
    basicPassword: text.optional(),
    api: z.enum(["public", "config"]).optional(),
    apiRoot: text.optional(),
    allowPlainHttp: flag,
    caCertificate: certificates.optional(),
  })
  .superRefine(({ url, platform }, context) => {
    if (url === undefined && platform === undefined)
      context.addIssue({ code: "custom", path: ["url"], message: "is missing; expected text" });
    if (url !== undefined && platform !== undefined)
      context.addIssue({
        code: "custom",
        path: ["platform"],
        message: "is given beside url; Airbyte is at one of them",
      });
  });

const awsSettings = z
  .strictObject({ ...common, target: z.literal("aws"), rootSecret, ...containerShape, ...awsShape })
  .superRefine(checkProvidedTls);

const dockerSettings = z.strictObject({
  ...common,
  target: z.literal("docker"),
  rootSecret,
  ...containerShape,
  docker: z.strictObject({ port: z.int().min(1).max(65535).optional(), keepData: z.boolean().optional() }).default({}),
});

const kubernetesSettings = z
  .strictObject({
    ...common,
    target: z.literal("kubernetes"),
    url: address.refine(isPrivate, "expected https://; Airbyte's tokens and secrets go over it"),
    caCertificate: certificates.optional(),
    rootSecret,
    ...chartShape,
    ...kubernetesShape,
  })
  .superRefine(checkClusterSecrets);

/** How the provider signs in at an existing Airbyte (`auth`), and which settings each way needs. */
export const authKeys = {
  application: ["clientId", "clientSecret"],
  bearer: ["bearerToken"],
  basic: ["basicUsername", "basicPassword"],
  none: [],
} satisfies Record<Auth, readonly string[]>;

/** Settings that must be secrets of the stack. */
export const secretKeys = [
  "clientSecret",
  "bearerToken",
  "basicPassword",
  "rootSecret",
  "tlsKey",
  "databasePassword",
  "storageSecretKey",
] as const;

/** Settings that are maps. Pulumi hands them over as JSON. */
export const objectKeys = ["embedded", "docker", "aws", "kubernetes", "tls", "credentials", "releases"];

/** The schema of each target's settings. A new target is one line here. */
export const targets = {
  embedded: embeddedSettings,
  existing: existingSettings,
  docker: dockerSettings,
  aws: awsSettings,
  kubernetes: kubernetesSettings,
};

export type TargetName = keyof typeof targets;

/** Every key of every target. */
export const settingKeys = [...new Set(Object.values(targets).flatMap((schema) => Object.keys(schema.shape)))];

/** How a setting is set, for messages: by its path, what comes after `pulumi config set`. */
export const examples: Record<string, string> = {
  target: "target embedded",
  pipelines: "pipelines pipelines.yaml",
  workspaceId: "workspaceId 8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
  stateDir: "stateDir .airbyte/dev",
  production: "production true",
  paused: "paused true",
  requestTimeout: "requestTimeout 2m",
  fast: "fast true",
  embedded: "--path embedded.keepData true",
  "embedded.port": "--path embedded.port 8000",
  "embedded.keepData": "--path embedded.keepData true",
  "embedded.tokenTtlSeconds": "--path embedded.tokenTtlSeconds 180",
  "embedded.faults": "--path embedded.faults true",
  "embedded.connectors": "--path embedded.connectors real",
  url: "url https://airbyte.example.com",
  platform: "platform STACK",
  clientId: "clientId ID",
  auth: "auth application",
  clientSecret: "--secret clientSecret",
  tokenUrl: "tokenUrl https://airbyte.example.com/oauth/token",
  tokenBody: "tokenBody form",
  bearerToken: "--secret bearerToken",
  basicUsername: "basicUsername airbyte",
  basicPassword: "--secret basicPassword",
  api: "api config",
  apiRoot: "apiRoot https://airbyte.example.com/api/v1",
  allowPlainHttp: "allowPlainHttp true",
  caCertificate: "caCertificate < ca.pem",
  docker: "--path docker.port 8443",
  "docker.port": "--path docker.port 8443",
  "docker.keepData": "--path docker.keepData true",
  ...containerExamples,
  ...awsExamples,
  ...kubernetesExamples,
};

/** A bare host is fine: the API's root is worked out from it. null for what is no address. */
export function parseAddress(value: string): URL | null {
  return URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `https://${value}`);
}

function urlMistake(value: string): string | undefined {
  const url = parseAddress(value);
  if (!url || /\s/.test(value)) return "expected the address of an Airbyte, such as https://airbyte.example.com";
  if (url.username !== "" || url.password !== "")
    return "holds a user or a password; give clientId and clientSecret instead";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "expected an address with http:// or https://";
  if (url.search !== "" || url.hash !== "") return "expected an address without ? and #";
  return undefined;
}

/** Encrypted on its way, or not leaving the machine (as by `kubectl port-forward`). */
function isPrivate(value: string): boolean {
  const url = parseAddress(value);
  return url !== null && !isPlainHttp(url.href);
}
