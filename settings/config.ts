import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { didYouMean } from "../errors/nearest.ts";
import { ConfigurationError, formatPath, pulumiCommand } from "../errors/user-error.ts";
import { check, isIssues, showValue, type Issue } from "../errors/zod-issues.ts";
import { hasAwsCredentials } from "./aws.ts";
import { meant, targetNames, type TargetName } from "./setting.ts";
import { ownerOf, remedy, rules, secretKeys, settingKeys, targets, valueOf, type SecretName } from "./settings.ts";
import { isSecret, stackKeys } from "./stack-config.ts";

type Of<T extends TargetName> = Omit<z.output<(typeof targets)[T]>, SecretName>;

/** Settings of the target `embedded`: an Airbyte that the program starts on this machine. */
export type EmbeddedSettings = Of<"embedded">;

/** Settings of the target `existing`: Airbyte Cloud, or any Airbyte that already runs. */
export type ExistingSettings = Of<"existing">;

/** Settings of the target `docker`: Airbyte in a container of this machine's Docker. */
export type DockerSettings = Of<"docker">;

/** Settings of the target `aws`: Airbyte on an EC2 instance that the program makes. */
export type AwsSettings = Of<"aws">;

/** Settings of the target `kubernetes`: Airbyte in a cluster that is there already. */
export type KubernetesSettings = Of<"kubernetes">;

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
  // With a target that is none, the others are judged by the one that was meant, if its own settings or its name show that;
  // else each by the first that has it.
  const begun = targetNames.filter((name) => !isEmpty(raw.values[name]));
  const likely = begun.length === 0 ? meant(targetNames, found) : (meant(begun, found) ?? begun[0]);
  const target = targetNames.find((name) => name === found) ?? likely;
  const isTarget = target !== undefined && target === found;
  const own = target === undefined ? [] : Object.keys(targets[target].shape).filter((key) => key !== "target");
  const others = Object.keys(raw.values).filter((key) => key !== "target" && !own.includes(key));
  if (isTarget) issues.push(...others.filter((key) => !isEmpty(raw.values[key])).map((key) => foreignKey(key, target)));
  else issues.push(unknownTarget(raw));

  const settings: Record<string, unknown> = { target };
  for (const key of isTarget ? own : [...own, ...others]) {
    const schema = schemaOf(key, own.includes(key) ? target : ownerOf(key));
    const value = check(schema, raw.values[key], raw.show);
    if (isIssues(value)) issues.push(...value.map((issue) => ({ ...issue, path: [key, ...issue.path] })));
    else if (value !== undefined && !(secretKeys as readonly string[]).includes(key)) settings[key] = value;
  }
  if (target !== undefined) {
    for (const rule of rules[target]) issues.push(...rule((path) => at(raw.values, path)));
    if (target === "aws") issues.push(...missingCredentials());
  }
  if (issues.length > 0) fail(issues);
  return settings as Settings;
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
    values[key] = valueOf(key, text);
    if (isSecret(config, key)) for (const value of scalars(values[key])) hidden.add(value);
  }
  return { values, show: (value) => (hidden.has(value) ? "a secret" : showValue(value)) };
}

function scalars(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(scalars) : [value];
}

function schemaOf(key: string, target: TargetName = "embedded"): z.ZodType {
  const shape: Record<string, z.ZodType> = targets[target].shape;
  return shape[key]!;
}

/** What is in a map by this path, its own keys only; as a `Rule` wants it. */
function at(values: unknown, path: string): unknown {
  return path.split(".").reduce((value, key) => {
    if (value === undefined) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }, values);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || JSON.stringify(value) === "{}";
}

/** Other keys of the stack are the user's own (`${config:NAME}`); one that differs from a setting only in spelling isn't. */
function misspelled(config: pulumi.Config): Issue[] {
  const plain = (key: string) => key.toLowerCase().replaceAll(/[^a-z]/g, "");
  return stackKeys(config).flatMap((key) => {
    const meant = settingKeys.find((known) => plain(known) === plain(key));
    const text = `unknown key; did you mean "${meant}"?`;
    return meant === undefined || meant === key ? [] : [{ path: [key], text, isUnknownKey: true }];
  });
}

function plainSecrets(config: pulumi.Config, { values }: Raw): Issue[] {
  const text = "must be a secret; it stands in the stack's file in plain text, so have Airbyte make a new one";
  const plain = secretKeys.filter((key) => values[key] !== undefined && !isSecret(config, key));
  return plain.map((key) => ({ path: [key], text }));
}

function unknownTarget({ values: { target }, show }: Raw): Issue {
  const hint = didYouMean(String(target), targetNames);
  const text = `expected one of ${targetNames.join(", ")}; found ${show(target)}${hint.startsWith(";") ? hint : ""}`;
  return { path: ["target"], text };
}

/** What the stack has and its target doesn't take. */
function foreignKey(key: string, target: TargetName): Issue {
  const remedy = `${pulumiCommand(`config rm ${key}`)}, or ${pulumiCommand(`config set target ${ownerOf(key)}`)}`;
  return { path: [key], text: `is no setting of the target ${target}`, remedy };
}

/** A person without credentials learns it with the other mistakes, not from a plugin after them. */
function missingCredentials(): Issue[] {
  const own = new pulumi.Config("aws");
  const isConfigured = ["profile", "accessKey", "assumeRoles"].some((key) => own.get(key) !== undefined);
  if (isConfigured || hasAwsCredentials()) return [];
  const remedy = "aws configure, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  return [{ path: ["aws"], text: "no credentials for AWS were found on this machine", remedy }];
}

function fail(issues: Issue[]): never {
  const mistakes = issues.map((issue) => ({ path: formatPath(issue.path), text: issue.text, remedy: remedy(issue) }));
  throw new ConfigurationError(`the configuration of stack ${pulumi.getStack()}`, mistakes);
}
