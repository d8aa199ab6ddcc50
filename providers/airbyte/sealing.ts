import * as pulumi from "@pulumi/pulumi";
import { isHarmlessKey } from "./api/harmless.ts";
import type { ActorKind } from "./api/airbyte-api.ts";
import { STORED } from "./lifecycle/handler.ts";
import type { Sealed } from "./lifecycle/actor-view.ts";
import type { Specification } from "./specification/schema.ts";

/** What decides which values of a configuration are secrets; undefined where no specification can be had. */
export type SpecificationLookup = (kind: ActorKind) => Promise<Specification | undefined>;

interface Leaf {
  path: (string | number)[];
  key: string;
  value: unknown;
}

/**
 * Makes the secret values of a configuration Pulumi secrets, even when they are written in plain: those that the
 * connector's specification marks (`airbyte_secret`); where it knows nothing of them, or there is none, every string whose
 * key isn't known to be harmless. It must happen here and not in the provider, which gets secrets unwrapped and cannot give any back.
 *
 * @returns the configuration, and what was sealed: an input of its own, so that a later specification that marks more
 *   leads to an update that writes the outputs anew.
 */
export function seal(configuration: pulumi.Input<Record<string, unknown>>, lookup: Promise<Specification | undefined>) {
  // A configuration that is one Output cannot be told apart by places: all of it is sealed.
  if (isLate(configuration)) {
    return { configuration: pulumi.secret(configuration), sealed: { by: "keys", paths: ["configuration"] } };
  }
  const plain = configuration as Record<string, unknown>;
  const leaves: Leaf[] = [];
  const decisions = lookup.then(async (specification) => {
    if (!specification) return { by: "keys" as const, isSecret: (leaf: Leaf) => isSecretByKey(leaf) };
    const { secrecyOf } = await import("./specification/schema.ts");
    const value = withoutLate(plain) as Parameters<typeof secrecyOf>[1];
    return {
      by: "specification" as const,
      isSecret: (leaf: Leaf) => {
        const secrecy = secrecyOf(specification.schema, value, leaf.path);
        return secrecy === "secret" || (secrecy === "unknown" && isSecretByKey(leaf));
      },
    };
  });

  const sealLeaf = (leaf: Leaf): unknown => {
    leaves.push(leaf);
    if (leaf.value === STORED) return leaf.value;
    const secret = pulumi.output(decisions.then(({ isSecret }) => isSecret(leaf)));
    const value = leaf.value;
    return secret.apply((is) => (is ? pulumi.secret(value) : pulumi.output(value)));
  };
  const walk = (value: unknown, path: (string | number)[], key: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index], key));
    if (typeof value === "object" && value !== null && !isLate(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, [...path, name], name)]));
    }
    return sealLeaf({ path, key, value });
  };

  const sealedConfiguration = walk(plain, [], "") as Record<string, unknown>;
  const sealed = decisions.then(({ by, isSecret }): Sealed => {
    return {
      by,
      paths: leaves.filter((leaf) => leaf.value !== STORED && isSecret(leaf)).map(({ path }) => name(path)),
    };
  });
  return { configuration: sealedConfiguration, sealed };
}

function isSecretByKey({ key, value }: Leaf): boolean {
  return (typeof value === "string" || isLate(value)) && !isHarmlessKey(key);
}

/** Whether a value is known only later. */
export function isLate(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

// A oneOf is decided by plain values; what is known only later is none of those.
function withoutLate(value: unknown): unknown {
  if (isLate(value)) return null;
  if (Array.isArray(value)) return value.map(withoutLate);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutLate(item)]));
}

function name(path: (string | number)[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}.${step}`),
    "configuration",
  );
}
