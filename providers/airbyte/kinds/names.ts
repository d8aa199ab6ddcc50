/**
 * Every kind of object that can be declared, by its name in the state, in the order in which files and references have them. Here a kind
 * begins: each list of descriptions, calls, handlers and classes has one entry for each of these, or doesn't compile. Nothing is imported, so
 * that reading names from files loads no more than YAML.
 */
export const kindNames = [
  "source",
  "destination",
  "connection",
  "workspace",
  "tag",
  "source-definition",
  "destination-definition",
  "declarative-source-definition",
  "permission",
  "application",
  "region",
] as const;

export type KindName = (typeof kindNames)[number];

type Camel<S extends string> = S extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : S;

/** A kind's name in code: `sourceDefinition`. */
export type CamelName<K extends KindName = KindName> = Camel<K>;

/** The section of a kind in files, and its objects in an API: `sourceDefinitions`. */
export type Section<K extends KindName = KindName> = `${CamelName<K>}s`;

export function sectionOf<K extends KindName>(kind: K): Section<K> {
  return `${camel(kind)}s`;
}

export const sections: readonly Section[] = kindNames.map((kind) => sectionOf(kind));

export function kindOf(section: Section): KindName {
  return kindNames[sections.indexOf(section)]!;
}

/** One of a section, for messages: `sourceDefinition`. */
export function singular(section: Section): CamelName {
  return camel(kindOf(section));
}

/** The resource class of a kind, which is its type in a state too: `SourceDefinition`. */
export function classNameOf(kind: KindName): Capitalize<CamelName> {
  const name = camel(kind);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}` as Capitalize<CamelName>;
}

/** A record with one value for each section. */
export function ofEachSection<T>(make: (section: Section) => T): Record<Section, T> {
  return Object.fromEntries(sections.map((section) => [section, make(section)] as const)) as Record<Section, T>;
}

function camel<K extends KindName>(kind: K): CamelName<K> {
  return kind.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as CamelName<K>;
}
