// What a command of this project is: one literal, from which its help, the overview, the checks of its arguments and those of the docs come.
//
// Literals are read before the npm packages are there, for the help: their files import Node's own modules, what is in setup/ and types;
// whatever a command works with, it imports when it runs.
import { fold } from "../terminal.ts";

/** An option, by its name without dashes. A flag has neither `value` nor `default`. */
export interface Option {
  /** What stands for its value in the help: `NAME`. */
  value?: string;
  /** The value where none is given; stands in the help too. */
  default?: string;
  /** Given several times, it has all of its values. */
  several?: true;
  about: string;
}

export type Options = Record<string, Option>;

/** The values of options: text (undefined where it isn't given), a list of texts, or whether a flag is given. */
export type Values<O extends Options> = {
  [K in keyof O]: O[K] extends { several: true }
    ? string[]
    : O[K] extends { default: string }
      ? string
      : O[K] extends { value: string }
        ? string | undefined
        : boolean;
};

/** What a command is called with; `V` are the values of its options. */
export interface Call<V = Record<string, unknown>> {
  projectDir: string;
  /** Pulumi is found in it, for a command that needs it. */
  env: NodeJS.ProcessEnv;
  /** The stack that it is about: that of `--stack`, else $PULUMI_STACK, else the selected one, else dev. */
  stack: string;
  options: V;
  /** Arguments without dashes; where all go on to another program, every argument. */
  args: string[];
  /** All of them as they were typed, without what names the stack. */
  given: string[];
}

export interface Command<O extends Options = Options> {
  /** In package.json, as in `npm run NAME`; `up` is `npm start`. */
  name: string;
  /** What it does, in a sentence that goes on after its name. */
  summary: string;
  /** More of it, for its own help. */
  details?: string;
  /** Its arguments without dashes, as the help shows them, and how many it takes; none where that is missing. */
  args?: { shown: string; least?: number; most?: number };
  /** What its options can look like in one line, where `[-- OPTIONS]` doesn't say it well: `-- --to STACK [--stack NAME]`. */
  line?: string;
  options: O;
  /** What can be done of which the first argument says which: each with options of its own. */
  parts?: Record<string, { about: string; options: Options }>;
  /** The program that gets all arguments; the options are our own additions to its. */
  passesOn?: "pulumi" | "vitest";
  /** Lines that can be typed, with what they are about where that isn't plain. */
  examples?: readonly (string | readonly [line: string, about: string])[];
  /** Whether it needs the Pulumi CLI; that may depend on what it is called with. */
  needsPulumi?: boolean | ((call: Pick<Call, "args" | "options">) => boolean);
  /** Resolves with the exit code. */
  run(call: Call<Values<O>>): Promise<number>;
}

/** A literal whose options give `run` the types of their values. */
export function command<const O extends Options>(literal: Command<O>): Command<O> {
  return literal;
}

/** The option by which a command learns which stack it is about. */
export const stackOption = (about = "the stack to work on") =>
  ({ stack: { value: "NAME", about: `${about} (default: $PULUMI_STACK, else the selected one, else dev)` } }) as const;

/** How a command is typed: `npm start`, `npm run rows`. */
export function typed(name: string): string {
  if (name === "up") return "npm start";
  return name === "test" ? "npm test" : `npm run ${name}`;
}

/** The names of all options that it takes, those of its parts too. */
export function optionNames({ options, parts = {} }: Command): string[] {
  const ofParts = Object.values(parts).flatMap((part) => Object.keys(part.options));
  return [...new Set([...Object.keys(options), ...ofParts])];
}

/** What `--help` prints. */
export function help(command: Command): string {
  const { name, summary, details, options, parts = {}, passesOn, examples = [] } = command;
  const lines = [`${typed(name)}${lineOf(command)}: ${summary}.${details === undefined ? "" : `\n${details}`}`, ""];
  const blocks = [
    [...table(options), ...(passesOn === "pulumi" ? ["  Everything else goes through to pulumi."] : [])],
    ...Object.entries(parts).map(([part, { about, options: own }]) => [
      `  ${typed(name)} -- ${part}`,
      `    ${about}`,
      ...table(own),
    ]),
    columns(examples.map((example) => (typeof example === "string" ? [example, ""] : example))),
  ];
  const text = [...lines, ...blocks.filter((block) => block.length > 0).flatMap((block) => [...block, ""])].join("\n");
  return fold(text.trimEnd());
}

/** One line for each command. */
export function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${typed(name).padEnd(26)}${summary}`);
  return fold(["The commands of this project; each says more with -- --help:", "", ...lines].join("\n"));
}

function lineOf({ line, args, options }: Command): string {
  if (line !== undefined) return line === "" ? "" : ` ${line}`;
  const names = Object.keys(options);
  const [only] = names;
  const rest = names.length === 1 && only !== undefined ? `[${shown(only, options[only])}]` : "[OPTIONS]";
  const optional = names.length === 0 ? "" : rest;
  if (args === undefined) return optional === "" ? "" : ` [-- ${optional.slice(1)}`;
  return (args.least ?? 0) > 0 ? ` -- ${[args.shown, optional].join(" ").trim()}` : ` [-- ${args.shown}]`;
}

function shown(name: string, option: Option | undefined): string {
  const value = option?.value ?? option?.default;
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function table(options: Options): string[] {
  const about = (option: Option) =>
    option.value !== undefined && option.default !== undefined
      ? `${option.about} (default: ${option.default})`
      : option.about;
  return columns(Object.entries(options).map(([name, option]) => [shown(name, option), about(option)]));
}

/** In two columns; what is wide for the first one doesn't widen it for all. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const widest = Math.max(0, ...rows.map(([left]) => left.length).filter((width) => width <= 50));
  return rows.map(([left, right]) => `  ${left.padEnd(right === "" ? 0 : widest)}  ${right}`.trimEnd());
}
