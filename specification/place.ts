import { matches } from "./patterns.ts";
import { discriminator, isSchema, referred, type Schema } from "./references.ts";

// The one walker through connectors' specifications. What masks, seals, redacts, checks and makes types reads them by it, in the
// embedded Airbyte and in the provider, so that none of them overlooks a keyword that another one knows. It loads nothing.

/**
 * Which branches of a oneOf say something of a value. `all`: every one, as keys of an earlier choice may still be there.
 * `named`: where the branches are told apart by a constant and the value has one of these constants, only those that have it.
 */
export type Branches = "all" | "named";

const LISTS = ["allOf", "anyOf"];
// The names of a map have no place of their own: a mark on them is one on the map.
const SINGLE = ["if", "then", "else", "not", "propertyNames"];
const MAPS = ["dependentSchemas", "dependencies"];

/** A place in a configuration: all that its connector's specification may say of the value there. */
export class Place {
  readonly #root: unknown;
  readonly #value: unknown;
  readonly #branches: Branches;
  readonly #schemas: ReadonlySet<Schema>;
  readonly #isNamed: boolean;

  private constructor(root: unknown, value: unknown, branches: Branches, schemas: unknown[], isNamed: boolean) {
    this.#root = root;
    this.#value = value;
    this.#branches = branches;
    this.#schemas = this.#applied(schemas);
    this.#isNamed = isNamed;
  }

  /**
   * The place of the whole configuration.
   *
   * @param specification JSON Schema, of any draft, also one with mistakes: what can't be read says nothing
   */
  static of(specification: unknown, configuration: unknown, branches: Branches = "all"): Place {
    return new Place(specification, configuration, branches, [specification], true);
  }

  /** Any place of which a part of a specification says something. */
  static under(specification: unknown, part: unknown): Place {
    return new Place(specification, undefined, "all", [part], true);
  }

  /** The place of a value in this one, there or not. */
  inside(step: string | number): Place {
    const found = [...this.#schemas].map((schema) =>
      typeof step === "number" ? ofItem(schema, step) : ofProperty(schema, step),
    );
    const value = isInside(this.#value, step) ? this.#value[step] : undefined;
    const isNamed = this.#isNamed && found.some(({ named }) => named.length > 0);
    const schemas = found.flatMap(({ named, open }) => [...named, ...open]);
    return new Place(this.#root, value, this.#branches, schemas, isNamed);
  }

  /** Whether anything marks the value as a secret (`airbyte_secret`). What lies in a secret is one too, and isn't asked for. */
  get isSecret(): boolean {
    return [...this.#schemas].some((schema) => isMarked(schema) || this.#isSecretText(schema));
  }

  /** Whether anything that may lie in the value is marked. */
  get mayHoldSecrets(): boolean {
    return this.#marksInside([...this.#schemas]);
  }

  /** Whether the specification says anything of the value. */
  get isDescribed(): boolean {
    return this.#schemas.size > 0;
  }

  /** The same, and by name: not by what it says of keys that it doesn't list. */
  get isNamed(): boolean {
    return this.#isNamed && this.isDescribed;
  }

  /** The keys that the specification lists here; undefined where it lists none. */
  get keys(): string[] | undefined {
    const lists = [...this.#schemas].flatMap(({ properties }) =>
      isSchema(properties) ? [Object.keys(properties)] : [],
    );
    return lists.length === 0 ? undefined : [...new Set(lists.flat())];
  }

  /** The schemas themselves and all that they apply to the same value, each once: so circles end. */
  #applied(schemas: unknown[]): Set<Schema> {
    const found = new Set<Schema>();
    const left = [...schemas].reverse();
    while (left.length > 0) {
      const next = left.pop();
      if (!isSchema(next) || found.has(next)) continue;
      found.add(next);
      left.push(...this.#onSameValue(next).reverse());
    }
    return found;
  }

  #onSameValue(schema: Schema): unknown[] {
    return [
      ...references(schema).flatMap((reference) => referred(this.#root, reference)),
      ...LISTS.flatMap((keyword) => listOf(schema[keyword])),
      ...this.#branchesOf(listOf(schema.oneOf)),
      ...SINGLE.map((keyword) => schema[keyword]),
      ...MAPS.flatMap((keyword) => valuesOf(schema[keyword])),
    ];
  }

  #branchesOf(branches: unknown[]): unknown[] {
    if (this.#branches === "all" || !isSchema(this.#value)) return branches;
    const found = discriminator(branches, this.#root);
    if (found === undefined || !Object.hasOwn(this.#value, found.key)) return branches;
    const given = this.#value[found.key];
    const named = branches.filter((_, index) => found.values[index] === given);
    return named.length > 0 ? named : branches;
  }

  #isSecretText({ contentSchema }: Schema): boolean {
    return typeof this.#value === "string" && contentSchema !== undefined && this.#marksInside([contentSchema]);
  }

  /** By everything in there that could be a schema, so also by what never applies: this only asks for a mark at all. */
  #marksInside(schemas: unknown[]): boolean {
    const seen = new Set<unknown>();
    const left = [...schemas];
    while (left.length > 0) {
      const next = left.pop();
      if (typeof next !== "object" || next === null || seen.has(next)) continue;
      seen.add(next);
      if (isSchema(next)) {
        if (isMarked(next)) return true;
        left.push(...references(next).flatMap((reference) => referred(this.#root, reference)));
      }
      for (const inside of Object.values(next) as unknown[]) left.push(inside);
    }
    return false;
  }
}

interface Found {
  /** Schemas of the key or index itself. */
  named: unknown[];
  /** Schemas of whatever has none of its own. */
  open: unknown[];
}

function ofProperty(schema: Schema, key: string): Found {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
  const isOwn = isSchema(properties) && Object.hasOwn(properties, key);
  const patterns = isSchema(patternProperties) ? Object.entries(patternProperties) : [];
  const told = patterns
    .map(([pattern, said]) => ({ said, is: matches(pattern, key) }))
    .filter(({ is }) => is !== false);
  // Where it can't be told whether a pattern matches, both is said of the key: so no secret is overlooked.
  const rest = isOwn || told.some(({ is }) => is) ? [] : [additionalProperties, unevaluatedProperties];
  return { named: isOwn ? [properties[key]] : [], open: [...told.map(({ said }) => said), ...rest] };
}

function ofItem(schema: Schema, index: number): Found {
  const { items, prefixItems, additionalItems, contains, unevaluatedItems } = schema;
  // In the drafts that know no prefixItems, `items` says something of the first ones as well.
  const tuples = [listOf(items), listOf(prefixItems)].filter((tuple) => tuple.length > 0);
  const own = tuples.flatMap((tuple) => (index < tuple.length ? [tuple[index]] : []));
  const rest = tuples.some((tuple) => index < tuple.length) ? [] : [additionalItems, unevaluatedItems];
  return { named: [...own, ...(isSchema(items) ? [items] : [])], open: [...rest, contains] };
}

function references(schema: Schema): string[] {
  const found = [schema.$ref, schema.$dynamicRef, schema.$recursiveRef];
  return found.filter((reference) => typeof reference === "string");
}

// Airbyte reads the text "true" as a mark too.
function isMarked({ airbyte_secret: mark }: Schema): boolean {
  return mark === true || mark === "true";
}

function isInside(value: unknown, step: string | number): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, step);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(value: unknown): unknown[] {
  return isSchema(value) ? Object.values(value) : [];
}
