import { z } from "zod";
import {
  check,
  isIssues,
  issueInWords,
  kindOf as kindOfValue,
  showValue,
  type Issue,
} from "../../../errors/zod-issues.ts";
import { UNKNOWN } from "../lifecycle/canonical.ts";
import type { KindName } from "./names.ts";

export type Path = readonly PropertyKey[];

/** What programs have for what is in a setting: the interface that a map becomes, or the type of what only a program can say otherwise. */
export const programTypes = new WeakMap<z.ZodType, ProgramType>();

type ProgramType = { name: string; about: string; extends?: z.ZodObject } | { type: string };

/** One setting of a kind, with all its rules. */
export interface Field {
  /** What a file may say. Its description stands in every reference, its default is Airbyte's: zod fills none into what a program declares. */
  schema: z.ZodType;
  /** What the provider gets in its place, where that is something else; `false` where code alone can check it. */
  inputs?: z.ZodType | false;
  /** What a program's arguments say of it, where that isn't what a file's reference says: its type, its doc comment. */
  inPrograms?: { type?: string; about?: string };
  /** A program that leaves it out has it filled in by the resource's class. */
  filled?: true;
  /** Files alone have it: the program makes something else of it. */
  onlyInFiles?: true;
  /** A change makes a new object. */
  replaceOnChange?: true;
  /** Only a creation can set it, and it isn't worth a new object: a change is a mistake. */
  createOnly?: true;
  /** A secret: all of it, or what stands at some paths below it. */
  secret?: true | ((path: Path) => boolean);
  refersTo?: Reference;
  /** What Airbyte has chosen by itself, and nobody declared: `npm run adopt` leaves it out. */
  notAdopted?: true;
  /** What it goes back to when it is taken out of the declaration, as sent to Airbyte. */
  resetTo?: unknown;
}

/** A setting that names an entry of another section, or lists such names. */
export interface Reference {
  kinds: readonly KindName[];
  /** The input that gets the id. @default the setting's own name */
  as?: string;
  /** Airbyte's own id may stand in place of a name, for what others manage. */
  orId?: true;
}

/** Settings that say the same in different ways: one of them may be there. */
export interface ExclusiveKeys {
  keys: readonly [string, ...string[]];
  /** What is expected, where one of them is needed. */
  needed?: string;
  /** A file may leave them out, and the program fills one in. */
  isFilled?: true;
  /** The provider adds one to the other: the id to the name. */
  isCompleted?: true;
}

export type Fields = Record<string, Field>;

/** All that is to be known of a kind, but for its calls: what a person declares, and what becomes of it. */
export interface KindDescription<F extends Fields = Fields> {
  /** Name in the state: a contract for ever. */
  kind: KindName;
  /** What the section in files is for. */
  title: string;
  about: string;
  fields: F;
  /** Type parameters of a program's arguments. */
  typeParameters?: string;
  exclusive?: readonly ExclusiveKeys[];
  /** Rules across settings, as mistakes at a path. Called with whatever is declared, which may have other mistakes too. */
  across?: (declared: Record<string, unknown>) => Issue[];
  /** Rules across all entries of files, by section and name; each mistake is at a path of an entry of this kind. */
  together?: (all: Record<string, Record<string, unknown>>) => (Issue & { entry: string })[];
  /** Airbyte refuses a second one of the name in such a place. */
  hasUniqueName?: "workspace" | "organization";
  /** In production it is protected from deletion: it takes others along, or loses what no creation brings back. */
  protectedInProduction?: true;
  /** What a person should know before an object is replaced. */
  lostByReplacement?: string;
  /** `npm run adopt` takes them over only where they are asked for: to delete those can lock people out. */
  adoptedOnRequest?: true;
  /** The setting that names where it is, where it doesn't say so itself: a connection is where its source is. */
  isWhere?: string;
}

/** For its types: a description as it stands. */
export function describeKind<const F extends Fields, K extends KindName>(
  description: Omit<KindDescription<F>, "kind"> & { kind: K },
): Omit<KindDescription<F>, "kind"> & { kind: K } {
  return description;
}

export type Declared<F extends Fields> = z.output<z.ZodObject<{ [K in keyof F]: F[K]["schema"] }, z.core.$strict>>;

/** The schema of an entry in files, complete: defaults merged in, references resolved. */
export function fileSchema<F extends Fields>({ fields, about }: KindDescription<F>): z.ZodObject {
  const shape = Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema]));
  return z.strictObject(shape).describe(about);
}

/** Settings without which there is no entry: those that must be there, and those of which one must. */
export function neededKeys({ fields, exclusive = [] }: KindDescription): string[] {
  const needed = Object.keys(fields).filter((key) => !fields[key]!.schema.safeParse(undefined).success);
  return [...needed, ...exclusive.flatMap(({ keys, needed: text }) => (text === undefined ? [] : keys))];
}

/** Names of inputs: of settings with a rule. */
export function inputsWith({ fields }: KindDescription, rule: "replaceOnChange" | "createOnly"): readonly string[] {
  const found = Object.entries(fields).filter(([, field]) => field[rule] !== undefined);
  return [...new Set(found.map(([key, field]) => inputKey(key, field)))];
}

type Resets<F extends Fields> = { [K in keyof F as F[K] extends { resetTo: unknown } ? K : never]: F[K]["resetTo"] };

/** What settings go back to when they are taken out of the declaration. */
export function resetsOf<F extends Fields>({ fields }: KindDescription<F>): Resets<F> {
  const entries = Object.entries(fields).flatMap(([key, field]) => ("resetTo" in field ? [[key, field.resetTo]] : []));
  return Object.fromEntries(entries) as Resets<F>;
}

/**
 * The same of those that are declared no more: a change leaves alone what it does not mention.
 *
 * @param before undefined where nothing is known of then: of all that aren't declared
 */
export function resetsOfRemoved(
  description: KindDescription,
  before: object | undefined,
  now: object,
): Record<string, unknown> {
  const isDeclared = (inputs: object, key: string) => (inputs as Record<string, unknown>)[key] !== undefined;
  const removed = Object.entries<unknown>(resetsOf(description)).filter(([key]) => {
    return !isDeclared(now, key) && (before === undefined || isDeclared(before, key));
  });
  return Object.fromEntries(removed);
}

/** What the provider knows a setting by. */
export function inputKey(key: string, { refersTo }: Field): string {
  return refersTo?.as ?? key;
}

/** What a program knows a setting by that names another entry: what files alone have is said otherwise there, `workspace` as `workspaceId`. */
export function programKey(key: string, field: Field): string {
  return field.onlyInFiles ? inputKey(key, field) : key;
}

/** Whether a value at `path` in a declaration may be a secret. */
export function maySeal({ fields }: KindDescription, path: Path): boolean {
  const [key, ...below] = path;
  const secret = Object.hasOwn(fields, String(key)) ? fields[String(key)]?.secret : undefined;
  return secret === true || secret?.(below) === true;
}

const schemasOfInputs = new WeakMap<KindDescription, z.ZodObject>();

/** Of what the provider gets; what it gets beside that (addresses, what it has found out itself) is no business of this. */
function inputSchema(description: KindDescription): z.ZodObject {
  const known = schemasOfInputs.get(description);
  if (known) return known;
  const shape = Object.entries(description.fields).flatMap(([key, field]): [string, z.ZodType][] => {
    if (field.onlyInFiles || field.inputs === false) return [];
    const schema = field.inputs ?? field.schema;
    return [[inputKey(key, field), field.filled ? required(schema) : schema]];
  });
  const made = z.object(Object.fromEntries(shape));
  schemasOfInputs.set(description, made);
  return made;
}

function required(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? required(schema.unwrap() as z.ZodType) : schema;
}

/**
 * Every mistake in the inputs of a resource, in the sentences that a file's entry gets too. Nothing is filled in, and a value that
 * Pulumi doesn't know yet passes, at whatever depth. No secret is quoted.
 */
export function inputMistakes(description: KindDescription, inputs: Record<string, unknown>): string[] {
  // Looked for only where a mistake is told: most inputs have none.
  const isSecret = (value: unknown) =>
    leavesOf(inputs).some(([path, leaf]) => leaf === value && maySeal(description, path));
  const show = (value: unknown) => (isSecret(value) ? kindOfValue(value) : showValue(value));
  const result = check(inputSchema(description), inputs, show);
  const issues = [
    ...(isIssues(result) ? result : []),
    ...exclusiveMistakes(description, inputs, "inputs"),
    ...(description.across?.(inputs) ?? []),
  ];
  return issues.filter(({ path }) => !isUnknownAt(inputs, path)).map(issueInWords);
}

/**
 * What is said in several ways at once, or in none where one is needed.
 *
 * @param of whether it is an entry of a file, or what the provider gets: there, what is named may stand beside what was found for it
 */
export function exclusiveMistakes(
  { exclusive = [], fields }: KindDescription,
  declared: Record<string, unknown>,
  of: "file" | "inputs",
): Issue[] {
  return exclusive.flatMap(({ keys: all, needed, isFilled, isCompleted }) => {
    const keys = of === "file" ? all : all.filter((key) => !fields[key]?.onlyInFiles);
    const [first, ...others] = keys.filter((key) => declared[key] !== undefined);
    const isNeeded = needed !== undefined && (of === "inputs" || !isFilled);
    if (first === undefined) return isNeeded ? [{ path: [keys[0]], text: `is missing; expected ${needed}` }] : [];
    if (others.length === 0 || (of === "inputs" && isCompleted)) return [];
    return [{ path: [first], text: `and ${others.join(" and ")}: give one of them` }];
  });
}

function isUnknownAt(inputs: unknown, path: Path): boolean {
  let value = inputs;
  for (const step of path) {
    if (value === UNKNOWN) return true;
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return leavesOf(value).some(([, leaf]) => leaf === UNKNOWN);
}

function leavesOf(value: unknown, path: Path = []): [Path, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}
