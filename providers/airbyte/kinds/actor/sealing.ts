import { nextStep } from "../../../../errors/user-error.ts";
import * as pulumi from "@pulumi/pulumi";
import { isFirst } from "../../first.ts";
import { isNonSecretKey } from "../../api/redact.ts";
import type { ActorKind } from "../../api/airbyte-api.ts";
import { STORED } from "../../lifecycle/canonical.ts";
import type { Sealed } from "../../lifecycle/stored.ts";
import type { Specification } from "../../specification/schema.ts";

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
 * @param whose whom a warning of plain secrets names: `source "crm"`
 * @returns the configuration, and what was sealed: an input of its own, so that a later specification that marks more
 *   leads to an update that writes the outputs anew.
 * @throws `pulumi.RunError` where a value is nothing that JSON can carry: NaN, a bigint, a Date, a Map, a function.
 */
export function seal(
  configuration: pulumi.Input<Record<string, unknown>>,
  lookup: Promise<Specification | undefined>,
  whose = "a configuration",
) {
  // A configuration that is one Output cannot be told apart by places: all of it is sealed.
  if (isLate(configuration)) {
    return { configuration: pulumi.secret(configuration), sealed: { by: "keys", paths: ["configuration"] } };
  }
  const plain = configuration as Record<string, unknown>;
  const leaves: Leaf[] = [];
  const firstValues: Record<string, unknown> = {};
  const decisions = lookup.then(async (specification) => {
    if (!specification) return { by: "keys" as const, isSecret: (leaf: Leaf) => isSecretByKey(leaf) };
    const { secrecyOf } = await import("../../specification/schema.ts");
    const value = withoutLate(plain) as Parameters<typeof secrecyOf>[1];
    return {
      by: "specification" as const,
      isSecret: (leaf: Leaf) => {
        const secrecy = secrecyOf(specification.schema, value, leaf.path);
        if (secrecy === "holder" && isLate(leaf.value)) return true;
        return secrecy === "secret" || (secrecy !== "plain" && isSecretByKey(leaf));
      },
    };
  });

  const sealLeaf = (leaf: Leaf): unknown => {
    if (isFirst(leaf.value)) {
      firstValues[name(leaf.path)] = leaf.value;
      return STORED;
    }
    leaves.push(leaf);
    if (leaf.value === STORED) return leaf.value;
    const secret = pulumi.output(decisions.then(({ isSecret }) => isSecret(leaf)));
    const value = leaf.value;
    return secret.apply((is) => (is ? pulumi.secret(value) : pulumi.output(value)));
  };
  const walk = (value: unknown, path: (string | number)[], key: string): unknown => {
    demandJson(value, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index], key));
    if (typeof value === "object" && value !== null && !isLate(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, [...path, name], name)]));
    }
    return sealLeaf({ path, key, value });
  };

  const sealedConfiguration = walk(plain, [], "") as Record<string, unknown>;
  const sealed = decisions.then(({ by, isSecret }): Sealed => {
    const isPlain = (leaf: Leaf) => typeof leaf.value === "string" && leaf.value !== STORED && leaf.value !== "";
    const plain = by === "specification" ? leaves.find((leaf) => isPlain(leaf) && isSecret(leaf)) : undefined;
    if (plain) warnOfPlain(whose, name(plain.path));
    return {
      by,
      paths: leaves.filter((leaf) => leaf.value !== STORED && isSecret(leaf)).map(({ path }) => name(path)),
    };
  });
  const hasFirst = Object.keys(firstValues).length > 0;
  return { configuration: sealedConfiguration, sealed, ...(hasFirst && { firstValues }) };
}

/** Pulumi's SDK would make `{}` of a date, say, and JSON null of a number that is none, without a word. */
function demandJson(value: unknown, path: (string | number)[]): void {
  const form = Object.prototype.toString.call(value).slice("[object ".length, -1);
  const carried = ["Object", "Array", "String", "Boolean", "Null", "Undefined", "Module", "Promise"].includes(form);
  if (carried || (typeof value === "number" && Number.isFinite(value))) return;
  const found = typeof value === "number" ? String(value) : `a ${form}`; // never the value itself, which may be a secret
  throw new pulumi.RunError(
    `${name(path)}: ${found} is nothing that JSON can carry. ${nextStep("write it as the text, number, list or map that the connector expects.")}`,
  );
}

let warned = false;

/** Once in a run: who keeps one secret so keeps others so. Only of what a specification marks, not of what is sealed to be safe. */
function warnOfPlain(whose: string, path: string): void {
  if (warned) return;
  warned = true;
  void pulumi.log.warn(
    `${whose}: ${path} is a secret in plain text. It is encrypted in the state, but stands where it is declared, and in logs of -v=9. ` +
      nextStep(
        "pulumi config set --secret NAME, and ${secret:NAME} in its place (a program: config.requireSecret). Others aren't named.",
      ),
  );
}

function isSecretByKey({ key, value }: Leaf): boolean {
  return (typeof value === "string" || isLate(value)) && !isNonSecretKey(key);
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
