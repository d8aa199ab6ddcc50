import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { hasAwsCredentials, noAwsCredentials } from "./aws-credentials.ts";
import { ALLOW_PLAIN_HTTP, isPlainHttp, plainHttpMistake } from "./plain-http.ts";
import { ConfigurationError, formatPath } from "../errors/user-error.ts";
import { didYouMean } from "../errors/nearest.ts";
import { pulumiCommand, shellQuoted } from "../errors/commands.ts";
import { authKeys, examples, objectKeys, secretKeys, settingKeys, targets, type Auth } from "./settings.ts";
import type { TargetName } from "./settings.ts";
import { isSecret, stackKeys } from "./stack-config.ts";
import { check, isIssues, showValue } from "../errors/zod-issues.ts";
import type { Issue } from "../errors/zod-issues.ts";

/** Settings of the target `embedded`: an Airbyte that the program starts on this machine. */
export type EmbeddedSettings = z.output<(typeof targets)["embedded"]>;

/** Settings of the target `existing`: Airbyte Cloud, or any Airbyte that already runs. */
export type ExistingSettings = Omit<z.output<(typeof targets)["existing"]>, (typeof secretKeys)[number]>;

/** Settings of the target `docker`: Airbyte in a container of this machine's Docker. */
export type DockerSettings = Omit<z.output<(typeof targets)["docker"]>, (typeof secretKeys)[number]>;

/** Settings of the target `aws`: Airbyte on an EC2 instance that the program makes. */
export type AwsSettings = Omit<z.output<(typeof targets)["aws"]>, (typeof secretKeys)[number]>;

/** Settings of the target `kubernetes`: Airbyte in a cluster that is there already. */
export type KubernetesSettings = Omit<z.output<(typeof targets)["kubernetes"]>, (typeof secretKeys)[number]>;

/**
 * The stack's configuration, checked. Secrets are not in it: the provider reads them itself, and nothing else needs them.
 * `pipelines` is relative to the project, `stateDir` as the user wrote it. */
export type Settings = EmbeddedSettings | ExistingSettings | DockerSettings | AwsSettings | KubernetesSettings;

/**
 * Reads the stack's configuration.
 *
 * @throws ConfigurationError with every mistake: its path, what was expected, what was found, and the command that mends it
 */
export function readConfig(config = new pulumi.Config()): Settings {
  const raw = readRaw(config);
  const issues = [...misspelled(config), ...plainSecrets(config, raw)];
  const found = raw.values.target;
  const target = typeof found === "string" && Object.hasOwn(targets, found) ? (found as TargetName) : undefined;
  if (target === undefined) {
    const names = Object.keys(targets);
    const hint = didYouMean(String(found), names);
    const text = `expected one of ${names.join(", ")}; found ${raw.show(found)}${hint.startsWith(";") ? hint : ""}`;
    fail([...issues, { path: ["target"], text }, ...withoutTarget(raw)]);
  }

  const schema = targets[target];
  const [own, foreign] = split(raw.values, Object.keys(schema.shape));
  issues.push(...foreign.map((key) => foreignKey(key, target)));
  const auth =
    target === "existing"
      ? [...authMistakes(own), ...plainHttpMistakes(own)]
      : target === "aws"
        ? credentialMistakes()
        : [];
  const result = check<(typeof targets)[TargetName]>(schema, own, raw.show);
  if (isIssues(result) || issues.length + auth.length > 0)
    fail([...issues, ...(isIssues(result) ? result : []), ...auth]);
  if (result.target === "embedded") return result;
  const plain = Object.entries(result).filter(([key]) => !(secretKeys as readonly string[]).includes(key));
  return Object.fromEntries(plain) as unknown as Settings;
}

interface Raw {
  values: Record<string, unknown>;
  show(this: void, value: unknown): string;
}

function readRaw(config: pulumi.Config): Raw {
  const hidden = new Set<unknown>();
  const values: Record<string, unknown> = { target: "embedded", stateDir: `.airbyte/${pulumi.getStack()}` };
  for (const key of settingKeys) {
    const text = config.get(key);
    if (text === undefined || text === "") continue; // `pulumi config set KEY ""` is how one empties a key
    values[key] = objectKeys.includes(key) ? parseObject(text) : text;
    if (isSecret(config, key)) for (const value of scalars(values[key])) hidden.add(value);
  }
  return { values, show: (value) => (hidden.has(value) ? "a secret" : showValue(value)) };
}

/** Pulumi hands objects over as JSON. */
function parseObject(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return isDeeperThan(100, value) ? text : value; // which no setting is, and what walks through it could overflow the stack
  } catch {
    return text;
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function scalars(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(scalars) : [value];
}

/** Other keys of the stack are the user's own (`${config:NAME}`); one that differs from a setting only in spelling isn't. */
function misspelled(config: pulumi.Config): Issue[] {
  const plain = (key: string) => key.toLowerCase().replaceAll(/[^a-z]/g, "");
  return stackKeys(config).flatMap((key) => {
    const meant = settingKeys.find((known) => plain(known) === plain(key));
    return meant === undefined || meant === key
      ? []
      : [{ path: [key], text: `unknown key; did you mean "${meant}"?`, isUnknownKey: true }];
  });
}

function plainSecrets(config: pulumi.Config, { values }: Raw): Issue[] {
  const text = "must be a secret; it stands in the stack's file in plain text, so have Airbyte make a new one";
  const plain = secretKeys.filter((key) => values[key] !== undefined && !isSecret(config, key));
  return plain.map((key) => ({ path: [key], text }));
}

/** Each way of signing in needs settings of its own, and takes none of another's. */
function authMistakes(values: Record<string, unknown>): Issue[] {
  const auth =
    typeof values.auth === "string" && Object.hasOwn(authKeys, values.auth) ? (values.auth as Auth) : "application";
  const wanted: readonly string[] = authKeys[auth];
  const others = Object.values<readonly string[]>(authKeys).flat();
  return [
    ...wanted
      .filter((key) => values[key] === undefined)
      .map((key) => ({ path: [key], text: "is missing; expected text" })),
    ...others
      .filter((key) => values[key] !== undefined && !wanted.includes(key))
      .map((key) => {
        const owner = Object.entries<readonly string[]>(authKeys).find(([, keys]) => keys.includes(key))?.[0] ?? "";
        const remedy = `${pulumiCommand(`config rm ${key}`)}, or ${pulumiCommand(`config set auth ${owner}`)}`;
        return { path: [key], text: `is no setting of auth ${auth}`, remedy };
      }),
  ];
}

/** Credentials and configurations go to these addresses; the client refuses them too, this tells it with the other mistakes. */
function plainHttpMistakes(values: Record<string, unknown>): Issue[] {
  if (values[ALLOW_PLAIN_HTTP] === "true") return [];
  const plain = ["url", "tokenUrl", "apiRoot"].filter((key) => isPlainHttp(String(values[key])));
  return plain.map((key) => ({ path: [key], text: plainHttpMistake }));
}

/** A person without credentials learns it with the other mistakes, not from a plugin after them. */
function credentialMistakes(): Issue[] {
  const own = new pulumi.Config("aws");
  const configured = ["profile", "accessKey", "assumeRoles"].some((key) => own.get(key) !== undefined);
  return configured || hasAwsCredentials()
    ? []
    : [
        {
          path: ["aws"],
          text: noAwsCredentials,
          remedy: "aws configure, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        },
      ];
}

/** Without a known target each setting is still judged by the first target that has it. */
function withoutTarget({ values, show }: Raw): Issue[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (key === "target") return [];
    const shapes: Record<string, z.ZodType>[] = Object.values(targets).map(({ shape }) => shape);
    const schema = shapes.find((shape) => key in shape)?.[key];
    const result: unknown = schema === undefined ? undefined : check(schema, value, show);
    return isIssues(result) ? result.map((issue) => ({ ...issue, path: [key, ...issue.path] })) : [];
  });
}

function split(values: Record<string, unknown>, known: string[]): [Record<string, unknown>, string[]] {
  const own = Object.fromEntries(Object.entries(values).filter(([key]) => known.includes(key)));
  const isEmpty = (value: unknown) => JSON.stringify(value) === "{}";
  return [own, Object.keys(values).filter((key) => !known.includes(key) && !isEmpty(values[key]))];
}

function fail(issues: Issue[]): never {
  const mistakes = issues.map((issue) => ({ path: formatPath(issue.path), text: issue.text, remedy: remedy(issue) }));
  throw new ConfigurationError(`the configuration of stack ${pulumi.getStack()}`, mistakes);
}

function remedy({ path, isUnknownKey, remedy }: Issue): string {
  if (remedy !== undefined) return remedy;
  const key = path.map(String).join(".");
  const argument = path.length > 1 ? `--path ${shellQuoted(formatPath(path))}` : key;
  if (isUnknownKey) return pulumiCommand(`config rm ${argument}`);
  return pulumiCommand(`config set ${examples[key] ?? examples[key.replace(/\.\d+$/, "")] ?? argument}`);
}

/** What the stack has and its target doesn't take. */
function foreignKey(key: string, target: string): Issue {
  const owner = Object.entries(targets).find(([, { shape }]) => key in shape)?.[0] ?? "";
  const remedy = `${pulumiCommand(`config rm ${key}`)}, or ${pulumiCommand(`config set target ${owner}`)}`;
  return { path: [key], text: `is no setting of the target ${target}`, remedy };
}
