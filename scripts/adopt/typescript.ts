import type { Kind } from "../../declaration/kinds.ts";
import { kinds } from "../../declaration/schema.ts";
import { isId } from "../../declaration/links.ts";
import { codeOf, Expression } from "./code.ts";
import { CLASSES, mapSecrets, ORDER, type Declared, type Entry } from "./model.ts";
import { free, type Names } from "./names.ts";
import { inOneComment, reference, type Form } from "./yaml.ts";

export interface Module {
  form: Form;
  head: string;
  /** From the module's folder to the resource classes. */
  door: string;
  names: Names;
}

/** A module of resource classes: `declareAdopted(airbyte)` makes them. */
export function typescriptOf({ entries, leftOut }: Declared, { form, head, door, names }: Module): string {
  const variables = new Variables(entries, names);
  const used = new Set(entries.map(({ kind }) => kind));
  const classes = ORDER.filter((kind) => used.has(kind)).map((kind) => CLASSES[kind]);
  const bodies = ORDER.flatMap((kind) => entries.filter((entry) => entry.kind === kind)).map((entry) =>
    statement(entry, variables, form),
  );
  const usesSecrets = bodies.some((body) => body.includes("config.requireSecret("));
  return [
    head,
    ...(usesSecrets ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    `import { ${[...classes.sort(), "type AirbyteHandle"].join(", ")} } from ${JSON.stringify(door)};`,
    "",
    "export function declareAdopted(airbyte: AirbyteHandle): void {",
    ...(usesSecrets ? ["  const config = new pulumi.Config();"] : []),
    ...bodies.flatMap((body) => body.split("\n").map((line) => (line === "" ? "" : `  ${line}`))),
    "}",
    ...(leftOut.length > 0 ? ["", "// Not taken over, and left alone:"] : []),
    ...leftOut.map(({ id, display, why }) => inOneComment(`//   ${JSON.stringify(display)} (${id}): ${why}`)),
    "",
  ].join("\n");
}

function statement(entry: Entry, variables: Variables, form: Form): string {
  const { kind, name, id, notes } = entry;
  const secret = (value: unknown) =>
    mapSecrets(value, (found) => {
      const text = reference(found, form);
      return text === "${stored}" ? text : new Expression(`config.requireSecret(${JSON.stringify(found.name)})`);
    });
  const args = {
    airbyte: new Expression("airbyte"),
    ...(form.adopt ? { adopt: id } : {}),
    ...(secret(argsOf(entry, variables)) as object),
  };
  const made = `new ${CLASSES[kind]}(${JSON.stringify(name)}, ${codeOf(args)});`;
  const variable = variables.usedOf(kind, name);
  return [
    ...notes.map((note) => inOneComment(`// ${note}`)),
    variable === undefined ? made : `const ${variable} = ${made}`,
  ].join("\n");
}

/** Settings as the classes take them. */
function argsOf({ kind, settings }: Entry, variables: Variables): Record<string, unknown> {
  const { workspace, definition, ...rest } =
    kind === "connections" ? (kinds.connections.parse(settings) as Record<string, unknown>) : settings;
  const ends =
    kind === "connections"
      ? { source: variables.of("sources", rest.source), destination: variables.of("destinations", rest.destination) }
      : {};
  const tags = Array.isArray(rest.tags) ? { tags: rest.tags.map((tag: unknown) => variables.of("tags", tag)) } : {};
  const connectors: Kind[] =
    kind === "sources" ? ["sourceDefinitions", "declarativeSourceDefinitions"] : ["destinationDefinitions"];
  return {
    ...ends,
    ...(workspace === undefined ? {} : { workspaceId: variables.of("workspaces", workspace) }),
    ...(definition === undefined ? {} : { definitionId: variables.ofEither(connectors, definition) }),
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in ends) && key !== "tags")),
    ...tags,
  };
}

/** What stands for a resource in the code: its variable, or the id of one that is declared elsewhere. */
class Variables {
  readonly #names: Names;
  readonly #all = new Map<string, string>();
  readonly #referred = new Set<string>();

  constructor(entries: readonly Entry[], names: Names) {
    this.#names = names;
    const taken = new Set<string>();
    for (const { kind, name, settings } of entries) {
      const variable = free(identifier(name, CLASSES[kind]), (candidate) => taken.has(candidate), "");
      taken.add(variable);
      this.#all.set(`${kind} ${name}`, variable);
      for (const [key, kindsMeant] of Object.entries(REFERENCES)) {
        for (const value of [settings[key]].flat())
          for (const meant of kindsMeant) this.#referred.add(`${meant} ${String(value)}`);
      }
    }
  }

  of(kind: Kind, name: unknown): unknown {
    if (typeof name !== "string") return name;
    const variable = this.#all.get(`${kind} ${name}`);
    if (variable !== undefined) return new Expression(variable);
    return isId(name) ? name : (this.#names.idOf(kind, name) ?? name);
  }

  ofEither(candidates: readonly Kind[], name: unknown): unknown {
    const kind = candidates.find(
      (candidate) =>
        this.#all.has(`${candidate} ${String(name)}`) || this.#names.idOf(candidate, String(name)) !== undefined,
    );
    return kind === undefined ? name : this.of(kind, name);
  }

  /** Its variable, where something refers to it. */
  usedOf(kind: Kind, name: string): string | undefined {
    return this.#referred.has(`${kind} ${name}`) ? this.#all.get(`${kind} ${name}`) : undefined;
  }
}

const REFERENCES: Record<string, Kind[]> = {
  source: ["sources"],
  destination: ["destinations"],
  tags: ["tags"],
  workspace: ["workspaces"],
  definition: ["sourceDefinitions", "destinationDefinitions", "declarativeSourceDefinitions"],
};

function identifier(name: string, kind: string): string {
  const words = name.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  const camel = words.map((word, index) => (index === 0 ? word.toLowerCase() : word[0]?.toUpperCase() + word.slice(1)));
  const start = camel.join("");
  return /^[a-z]/.test(start) ? start + kind : `the${start}${kind}`;
}
