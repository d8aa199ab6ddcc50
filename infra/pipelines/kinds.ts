/** What the pipelines' files can declare. Apart from the schemas, so that reading names from the files loads no more than YAML. */
export const kindNames = ["sources", "destinations", "connections"] as const;

export type Kind = (typeof kindNames)[number];
