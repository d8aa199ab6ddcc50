import { resolve } from "node:path";
import { z } from "zod";
import { connectorsModes } from "../embedded/index.ts";
import { formatPath, pulumiCommand, shellQuoted, UserError } from "../errors/user-error.ts";
import { check, isIssues, type Issue } from "../errors/zod-issues.ts";
import { awsRules, awsSettings } from "./aws.ts";
import { existingRules, existingSettings } from "./existing.ts";
import { kubernetesRules, kubernetesSettings, ownAirbyteSettings } from "./own-airbyte.ts";
import {
  flag,
  on,
  parseMap,
  port,
  targetNames,
  text,
  whole,
  type Rule,
  type Setting,
  type TargetName,
} from "./setting.ts";
import { inside, isStateFolder, readRequestTimeout, REQUEST_TIMEOUT } from "./values.ts";

export type { TargetName } from "./setting.ts";

/** Relative to the project, where it can be named in messages and found on every machine. */
const pipelines = text.transform((value, context) => {
  const path = inside(process.cwd(), resolve(value));
  if (path === undefined) context.addIssue("expected the path of a file inside the project's folder");
  return path ?? z.NEVER;
});

const stateDir = text.refine(
  isStateFolder,
  "expected a folder under .airbyte, or the absolute path of one outside the project",
);

/** In milliseconds. */
const requestTimeout = text.transform((value, context) => {
  const ms = readRequestTimeout(value);
  if (ms === undefined) context.addIssue(`expected ${REQUEST_TIMEOUT}`);
  return ms ?? z.NEVER;
});

/** Every setting of every target. A new one is an entry here, or in the file of its target. */
export const settings = {
  target: {
    about:
      "Where Airbyte runs. embedded: a process on this machine; docker: a container on this machine; aws: an EC2 instance that the program makes; kubernetes: Airbyte's chart in a cluster of yours; existing: Airbyte Cloud, or any Airbyte that already runs.",
    example: "embedded",
    in: {
      embedded: z.literal("embedded"),
      existing: z.literal("existing"),
      docker: z.literal("docker"),
      aws: z.literal("aws"),
      kubernetes: z.literal("kubernetes"),
    },
  },
  pipelines: {
    about:
      "Main file of the pipelines, inside the project. Its folder of the same name (pipelines/*.yaml) is read too. Default: pipelines.yaml.",
    example: "pipelines.yaml",
    in: on(targetNames, pipelines.default("pipelines.yaml")),
  },
  workspaceId: {
    about: "Airbyte workspace of all resources. Default: the only one there is.",
    example: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
    in: on(targetNames, z.guid().optional()),
  },
  stateDir: {
    about:
      "Folder on this machine for what the stack keeps there: under .airbyte, or an absolute path outside the project. Default: .airbyte/STACK.",
    example: ".airbyte/dev",
    in: on(targetNames, stateDir),
  },
  production: {
    about:
      "Pulumi refuses to delete or replace destinations and connections, but for those that say protect: false in pipelines.yaml. Default: false.",
    example: "true",
    in: on(targetNames, flag),
  },
  paused: {
    about:
      "true: every connection of the stack is inactive, whatever the pipelines say, and no first sync is started. Taken away, all is as declared. npm run move uses it, so that nothing syncs before its state is there. Default: false.",
    example: "true",
    in: on(targetNames, flag),
  },
  requestTimeout: {
    about:
      "How long one call of Airbyte's API may take, such as 30s or 2m. Calls for which Airbyte runs a connector have 15m at least, deletions 5m. Default: 1m.",
    example: "2m",
    in: on(targetNames, requestTimeout.optional()),
  },
  fast: {
    about:
      "true: npm start, refresh and destroy write the state once, at their end, which is much faster with hundreds of pipelines; a run that was cut off is repaired by the next one, on this machine. Default: false.",
    example: "true",
    in: on(["embedded", "existing"], flag),
  },
  embedded: {
    about:
      "port (default: a free one, kept), keepData (destroy leaves the data; default false), tokenTtlSeconds (life of an API token; default 180), faults (may be told to fail, for tests; default false), connectors (auto: Airbyte's own connectors run where Python is there and no account is needed, else they are simulated and say so; real: those with accounts too, and an error where one can't run; simulated: none, and no Python is needed. Default: auto).",
    example: { keepData: "true", port: "8000", tokenTtlSeconds: "180", faults: "true", connectors: "real" },
    in: {
      embedded: z
        .strictObject({
          port: port.optional(),
          keepData: z.boolean().optional(),
          tokenTtlSeconds: whole("a number of seconds", 1, 86_400).optional(),
          faults: z.boolean().optional(),
          connectors: z.enum(connectorsModes).optional(),
        })
        .default({}),
    },
  },
  ...existingSettings,
  ...ownAirbyteSettings,
  ...awsSettings,
  ...kubernetesSettings,
} satisfies Record<string, Setting>;

type Entries = typeof settings;
type SettingName = keyof Entries;

/** What several settings of a target must be together. */
export const rules: Record<TargetName, readonly Rule[]> = {
  embedded: [],
  existing: existingRules,
  docker: [],
  aws: awsRules,
  kubernetes: kubernetesRules,
};

type Shape<T extends TargetName> = {
  [K in SettingName as T extends keyof Entries[K]["in"] ? K : never]: Extract<
    Entries[K]["in"][T & keyof Entries[K]["in"]],
    z.ZodType
  >;
};

const entries = Object.entries(settings) as [SettingName, Setting][];

function schemaOf<T extends TargetName>(target: T): z.ZodObject<Shape<T>, z.core.$strict> {
  const shape = entries.flatMap(([key, setting]) => (setting.in[target] ? [[key, setting.in[target]]] : []));
  return z.strictObject(Object.fromEntries(shape) as Shape<T>) as z.ZodObject<Shape<T>, z.core.$strict>;
}

/** The schema of each target's settings. */
export const targets = {
  embedded: schemaOf("embedded"),
  existing: schemaOf("existing"),
  docker: schemaOf("docker"),
  aws: schemaOf("aws"),
  kubernetes: schemaOf("kubernetes"),
} satisfies Record<TargetName, z.ZodObject>;

/** Every key of every target. */
export const settingKeys: readonly string[] = entries.map(([key]) => key);

export type SecretName = { [K in SettingName]: Entries[K] extends { secret: true } ? K : never }[SettingName];

/** Settings that must be secrets of the stack. */
export const secretKeys = entries.flatMap(([key, { secret }]) => (secret ? [key] : [])) as readonly SecretName[];

/** Settings that are maps. */
export const objectKeys: readonly string[] = entries.flatMap(([key, { example }]) =>
  typeof example === "string" ? [] : [key],
);

/** How a setting is set: by its path (`aws.allowedCidrs.0`, and of maps and lists the path of what is in them), what comes after `pulumi config set`. */
export const examples: Readonly<Record<string, string>> = Object.assign(
  {},
  ...entries.map(([key, setting]) => examplesOf(key, setting)),
) as Record<string, string>;

function examplesOf(key: string, { example, secret }: Setting): Record<string, string> {
  if (typeof example === "string") return { [key]: `${secret ? "--secret " : ""}${key} ${example}`.trimEnd() };
  const all: Record<string, string> = {};
  for (const [inner, value] of Object.entries(example)) {
    const command = `--path ${shellQuoted(`${key}.${inner}`)} ${value}`;
    const steps = `${key}.${inner.replaceAll(/\[(\d+)\]/g, ".$1")}`.split(".");
    for (const [index] of steps.entries()) all[steps.slice(0, index + 1).join(".")] ??= command;
  }
  return all;
}

/** The first target that takes a setting. */
export function ownerOf(key: string): TargetName | undefined {
  const taken = Object.hasOwn(settings, key) ? (settings[key as SettingName] as Setting).in : {};
  return targetNames.find((target) => target in taken);
}

/** What a setting's text stands for. */
export function valueOf(key: string, given: string): unknown {
  return objectKeys.includes(key) ? parseMap(given) : given;
}

/** The command that mends a mistake in a setting. */
export function remedy({ path, isUnknownKey, remedy }: Issue): string {
  if (remedy !== undefined) return remedy;
  const key = path.map(String).join(".");
  const argument = path.length > 1 ? `--path ${shellQuoted(formatPath(path))}` : key;
  if (isUnknownKey) return pulumiCommand(`config rm ${argument}`);
  return pulumiCommand(`config set ${examples[key] ?? examples[key.replace(/\.\d+$/, "")] ?? argument}`);
}

/**
 * One setting by itself, for those who read them outside of the program. Its defaults are filled in.
 *
 * @param target whose schema of it counts
 * @throws UserError where the value is none
 */
export function readSetting<T extends TargetName, K extends keyof Shape<T>>(
  target: T,
  key: K & string,
  given: string | undefined,
): z.output<Shape<T>[K]> {
  const schemas: Setting["in"] = settings[key].in;
  const value = check(schemas[target]!, given === undefined ? undefined : valueOf(key, given), () => "something else");
  if (!isIssues(value)) return value;
  const [first = { path: [], text: "expected something else" }] = value;
  const issue = { ...first, path: [key, ...first.path] };
  throw new UserError(issue.text, { code: "configuration", place: formatPath(issue.path), next: remedy(issue) });
}
