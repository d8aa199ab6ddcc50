import { isSchema, referred, type Schema } from "./references.ts";

/**
 * The constants by which the branches of a oneOf are told apart: `{key: "auth_type", values: ["Client", "Service"]}`, a value for
 * each branch. undefined where they aren't.
 *
 * @param root the document that references in the branches are about
 */
export function discriminator(branches: unknown[], root?: unknown): { key: string; values: unknown[] } | undefined {
  const properties = branches.map((branch) => propertiesOf(branch, root));
  for (const key of Object.keys(properties[0] ?? {})) {
    const values = properties.map((each) => (Object.hasOwn(each, key) ? constantOf(each[key], root) : undefined));
    if (values.every((value) => value !== undefined)) return { key, values };
  }
  return undefined;
}

function propertiesOf(branch: unknown, root: unknown): Schema {
  return Object.assign(
    {},
    ...withTargets(branch, root).map(({ properties }) => (isSchema(properties) ? properties : {})),
  ) as Schema;
}

function constantOf(schema: unknown, root: unknown): unknown {
  for (const { const: constant, enum: choice } of withTargets(schema, root)) {
    if (constant !== undefined) return constant;
    if (Array.isArray(choice) && choice.length === 1) return choice[0];
  }
  return undefined;
}

/** A schema and what it refers to, the latter first. */
function withTargets(schema: unknown, root: unknown): Schema[] {
  const found: Schema[] = [];
  for (let next = schema; isSchema(next) && !found.includes(next);) {
    found.unshift(next);
    next = typeof next.$ref === "string" ? referred(root, next.$ref)[0] : undefined;
  }
  return found;
}
