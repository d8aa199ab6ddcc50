import * as pulumi from "@pulumi/pulumi";
import { pulumiCommand } from "../errors/user-error.ts";
import { secretAsPlain, type Values } from "./values.ts";

/** Names of all values in the stack's configuration, in the namespace of `config`. */
export function stackKeys(config: pulumi.Config): string[] {
  const prefix = `${config.name}:`;
  const all = Object.keys(pulumi.runtime.allConfig());
  return all.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** Whether the stack keeps the value encrypted (an object: any part of it). */
export function isSecret(config: pulumi.Config, key: string): boolean {
  // The SDK has the function, but not in its types.
  const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return runtime.isConfigSecret(`${config.name}:${key}`);
}

/**
 * Free values inside an object of the stack's configuration, as they leave for a resource: where Pulumi keeps a part of the object
 * encrypted, every text of them is a secret, since it hands the object over whole and tells nobody which part it was.
 */
export function freeValues(
  config: pulumi.Config,
  key: string,
  values: Record<string, unknown>,
): Record<string, unknown> {
  if (!isSecret(config, key)) return values;
  const seal = (value: unknown): unknown => {
    if (typeof value === "string") return pulumi.secret(value);
    if (Array.isArray(value)) return value.map(seal);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, seal(inner)]));
  };
  return seal(values) as Record<string, unknown>;
}

/** The stack's configuration as what references in pipelines.yaml stand for. Secrets and plain values are kept apart. */
export function stackValues(config = new pulumi.Config()): Values {
  return {
    secret(name) {
      if (config.get(name) === undefined || isSecret(config, name)) return config.getSecret(name);
      throw new Error(
        `the stack holds "${name}" in plain text, not as a secret (to mend it: ${pulumiCommand(`config set --secret ${name}`)})`,
      );
    },
    config(name) {
      if (!isSecret(config, name)) return config.get(name);
      throw secretAsPlain(name);
    },
    names: () => stackKeys(config),
  };
}
