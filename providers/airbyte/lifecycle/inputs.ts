import { isObject, MASK, pathsWhere } from "./canonical.ts";
import { UNKNOWN } from "./handler.ts";

// Checks of inputs, each giving sentences. None quotes a value that may be secret, and a value that Pulumi does not
// know yet passes.

/** Airbyte's ids. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function requireText(inputs: Record<string, unknown>, key: string): string[] {
  const value = inputs[key];
  if (value === UNKNOWN || (typeof value === "string" && value.trim() !== "")) return [];
  return [`${key}: expected a text that is not empty`];
}

export function requireUuid(inputs: Record<string, unknown>, key: string): string[] {
  const value = inputs[key];
  if (value === UNKNOWN || (typeof value === "string" && UUID.test(value))) return [];
  return [`${key}: expected an id of Airbyte's (a UUID), found ${found(value)}`];
}

// Of a map or a list nothing is shown: a whole configuration may stand in the wrong place.
function found(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a map";
  return JSON.stringify(value);
}

/** The same for an id that may be left out. */
export function optionalUuid(inputs: Record<string, unknown>, key: string): string[] {
  return inputs[key] === undefined ? [] : requireUuid(inputs, key);
}

/** A text, where there is one, that Airbyte would refuse. */
export function textMistake(
  inputs: Record<string, unknown>,
  key: string,
  isRight: (text: string) => boolean,
  expected: string,
): string[] {
  const value = inputs[key];
  if (typeof value !== "string" || value === UNKNOWN || value.trim() === "" || isRight(value)) return [];
  return [`${key}: expected ${expected}, found ${JSON.stringify(value)}`];
}

export function requireOneOf(inputs: Record<string, unknown>, key: string, allowed: readonly string[]): string[] {
  const value = inputs[key];
  if (value === undefined || value === UNKNOWN || (typeof value === "string" && allowed.includes(value))) return [];
  return [`${key}: expected one of ${allowed.join(", ")}, found ${found(value)}`];
}

/** A connector is named, or its definition's id given; the id may be filled in later. */
export function requireConnector(inputs: Record<string, unknown>): string[] {
  const { connector, definitionId } = inputs;
  if (definitionId !== undefined) return requireUuid(inputs, "definitionId");
  if (connector === UNKNOWN || (typeof connector === "string" && connector.trim() !== "")) return [];
  return ["connector: expected the connector's name, such as postgres, or its definitionId"];
}

/** A configuration must be an object, and must not hold Airbyte's mask: sent back, it would become the secret. */
export function requireConfiguration(inputs: Record<string, unknown>): string[] {
  const value = inputs.configuration;
  if (value === UNKNOWN) return [];
  if (!isObject(value)) return ["configuration: expected an object with the connector's settings"];
  return pathsWhere(value, (leaf) => leaf === MASK).map(
    (path) =>
      `configuration.${path}: is Airbyte's mask (${MASK}), not a secret; it was copied from an answer of Airbyte. Give the secret itself.`,
  );
}
