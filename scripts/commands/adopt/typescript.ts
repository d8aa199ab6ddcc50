import { isId } from "../../../declaration/links.ts";
import { entries as schemas } from "../../../declaration/schema.ts";
import { programKey } from "../../../providers/airbyte/kinds/describe.ts";
import { descriptionOf } from "../../../providers/airbyte/kinds/descriptions.ts";
import { classNameOf, kindOf, sectionOf, type Section } from "../../../providers/airbyte/kinds/names.ts";
import { free, mapSecrets, ORDER, type Declared, type Entry, type Names } from "./model.ts";
import { inOneComment, reference, type Form } from "./yaml.ts";

interface Module {
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
  const classes = ORDER.filter((kind) => used.has(kind)).map((kind) => classNameOf(kindOf(kind)));
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
  const made = `new ${classNameOf(kindOf(kind))}(${JSON.stringify(name)}, ${codeOf(args)});`;
  const variable = variables.usedOf(kind, name);
  return [
    ...notes.map((note) => inOneComment(`// ${note}`)),
    variable === undefined ? made : `const ${variable} = ${made}`,
  ].join("\n");
}

/** Settings as the classes take them: what names another entry first, under the key of a program. */
function argsOf({ kind, settings }: Entry, variables: Variables): Record<string, unknown> {
  const { fields } = descriptionOf(kind);
  // The class takes a schedule and paths of fields in Airbyte's form, which the schema of a file makes of its own.
  const all = kind === "connections" ? schemas[kind].parse(settings) : settings;
  const links = Object.entries(all).flatMap(([key, value]) => {
    const field = fields[key];
    const refersTo = field?.refersTo;
    if (!refersTo) return [];
    const candidates = refersTo.kinds.map((each) => sectionOf(each));
    const linked = Array.isArray(value)
      ? value.map((name: unknown) => variables.of(candidates, name))
      : variables.of(candidates, value);
    return [[key, programKey(key, field), linked] as const];
  });
  const isLink = (key: string) => links.some(([name]) => name === key);
  return {
    ...Object.fromEntries(links.filter(([, , value]) => !Array.isArray(value)).map(([, key, value]) => [key, value])),
    ...Object.fromEntries(Object.entries(all).filter(([key]) => !isLink(key))),
    ...Object.fromEntries(links.filter(([, , value]) => Array.isArray(value)).map(([, key, value]) => [key, value])),
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
      const variable = free(identifier(name, classNameOf(kindOf(kind))), (candidate) => taken.has(candidate), "");
      taken.add(variable);
      this.#all.set(`${kind} ${name}`, variable);
      for (const [key, { refersTo }] of Object.entries(descriptionOf(kind).fields)) {
        for (const value of [settings[key]].flat())
          for (const meant of refersTo?.kinds ?? []) this.#referred.add(`${sectionOf(meant)} ${String(value)}`);
      }
    }
  }

  of(candidates: readonly Section[], name: unknown): unknown {
    if (typeof name !== "string") return name;
    const variable = candidates.map((each) => this.#all.get(`${each} ${name}`)).find((each) => each !== undefined);
    if (variable !== undefined) return new Expression(variable);
    if (isId(name)) return name;
    return candidates.map((each) => this.#names.idOf(each, name)).find((id) => id !== undefined) ?? name;
  }

  /** Its variable, where something refers to it. */
  usedOf(kind: Section, name: string): string | undefined {
    return this.#referred.has(`${kind} ${name}`) ? this.#all.get(`${kind} ${name}`) : undefined;
  }
}

function identifier(name: string, kind: string): string {
  const words = name.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  const camel = words.map((word, index) => (index === 0 ? word.toLowerCase() : word[0]?.toUpperCase() + word.slice(1)));
  const start = camel.join("");
  return /^[a-z]/.test(start) ? start + kind : `the${start}${kind}`;
}

/** Code, where a value stands otherwise. */
class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const WIDTH = 100;

/** A value as TypeScript, short ones on one line. */
function codeOf(value: unknown, indent = ""): string {
  if (value instanceof Expression) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const parts = (at: string) =>
    Array.isArray(value)
      ? value.map((item) => codeOf(item, at))
      : Object.entries(value).map(([key, item]) => property(key, codeOf(item, at)));
  if (parts(inner).length === 0) return `${open}${close}`;
  const line = Array.isArray(value) ? `[${parts("").join(", ")}]` : `{ ${parts("").join(", ")} }`;
  if (line.length + indent.length <= WIDTH && !line.includes("\n")) return line;
  return `${open}\n${parts(inner)
    .map((part) => `${inner}${part},\n`)
    .join("")}${indent}${close}`;
}

function property(key: string, code: string): string {
  const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
  return name === code ? name : `${name}: ${code}`;
}
