/** A JSON Schema that is more than yes or no. */
export type Schema = Record<string, unknown>;

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What a reference may mean in a document: `#/definitions/x`, `#anchor`, or an `$id` of the document itself with either. Nothing
 * outside of the document is ever looked for; a reference that leads nowhere means nothing. More than one where documents that
 * are embedded in it (`$id`) have something by the same name: which of them is meant is not decided here.
 */
export function referred(root: unknown, reference: string): unknown[] {
  const [base = "", fragment = ""] = reference.split(/#(.*)/s);
  const documents = base === "" ? [root, ...identified(root)] : identified(root).filter(({ $id }) => isAt($id, base));
  if (fragment === "") return base === "" ? [root] : documents;
  if (!fragment.startsWith("/")) return identified(root).filter((schema) => isAnchored(schema, fragment));
  return [...new Set(documents.map((document) => pointed(document, fragment)))].filter((found) => found !== undefined);
}

function pointed(document: unknown, pointer: string): unknown {
  const steps = decoded(pointer).split("/").slice(1);
  return steps.reduce<unknown>((inside, step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof inside === "object" && inside !== null && Object.hasOwn(inside, key)
      ? (inside as Record<string, unknown>)[key]
      : undefined;
  }, document);
}

function decoded(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}

// By its last step: relative ids needn't be resolved then.
function isAt(id: unknown, base: string): boolean {
  const last = (address: string) => address.replace(/#.*$/s, "").split("/").at(-1);
  return typeof id === "string" && last(id) === last(base);
}

function isAnchored({ $anchor, $dynamicAnchor, $id }: Schema, name: string): boolean {
  return $anchor === name || $dynamicAnchor === name || $id === `#${name}`;
}

const known = new WeakMap<object, Schema[]>();

/** Every part of a document that has an id or an anchor. */
function identified(root: unknown): Schema[] {
  if (typeof root !== "object" || root === null) return [];
  const before = known.get(root);
  if (before) return before;
  const found: Schema[] = [];
  const seen = new Set<unknown>();
  const left: unknown[] = [root];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    if (isSchema(next) && [next.$id, next.$anchor, next.$dynamicAnchor].some((id) => typeof id === "string"))
      found.push(next);
    for (const inside of Object.values(next) as unknown[]) left.push(inside);
  }
  known.set(root, found);
  return found;
}

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

/** Deeper than any manifest refers. */
const DEEPEST = 20;

/**
 * What a value of a low-code manifest stands for, where it is a reference: `{$ref: "#/definitions/streams/people"}`, or that as a text.
 * What stands beside it counts for more, as in Airbyte's own resolver.
 */
export function resolved<T>(manifest: Record<string, T>, value: T | undefined, depth = 0): T | undefined {
  const { $ref, ...beside } = isSchema(value) ? value : { $ref: value as unknown };
  if (typeof $ref !== "string" || !$ref.startsWith("#/") || depth > DEEPEST) return value;
  const steps = $ref.slice(2).split("/");
  const found = steps.reduce<unknown>((inside, step) => (isSchema(inside) ? inside[step] : undefined), manifest);
  const target = resolved(manifest, found as T | undefined, depth + 1);
  return isSchema(target) ? { ...target, ...beside } : target;
}
