import { isObject, MASK, pathsWhere } from "./canonical.ts";

/** Airbyte's ids. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A configuration must not hold Airbyte's mask: sent back, it would become the secret. */
export function maskMistakes(configuration: unknown): string[] {
  if (!isObject(configuration)) return [];
  return pathsWhere(configuration, (leaf) => leaf === MASK).map(
    (path) =>
      `configuration.${path}: is Airbyte's mask (${MASK}), not a secret; it was copied from an answer of Airbyte. Give the secret itself.`,
  );
}
