/** What the pipelines' files can declare. Apart from the schemas, so that reading names from the files loads no more than YAML. */
export const kindNames = [
  "sources",
  "destinations",
  "connections",
  "workspaces",
  "tags",
  "sourceDefinitions",
  "destinationDefinitions",
  "declarativeSourceDefinitions",
  "permissions",
  "applications",
] as const;

export type Kind = (typeof kindNames)[number];

/** One of a kind, for messages: `source`. */
export function singular(kind: Kind): string {
  return kind.slice(0, -1);
}

/** A record with one value for each kind. */
export function ofEachKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
  return Object.fromEntries(kindNames.map((kind) => [kind, make(kind)] as const)) as Record<Kind, T>;
}
