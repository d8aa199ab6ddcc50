// A command's arguments: what they say, and what is wrong with them.
import { parseArgs } from "node:util";
import { UserError } from "../../errors/user-error.ts";
import { parsePulumiArgs } from "../stack/pulumi-args.ts";
import { optionNames, typed, type Call, type Command, type Option, type Options, type Values } from "./command.ts";

/**
 * What somebody has typed, for a call of the command.
 *
 * @throws UserError with exit code 2 for what the command doesn't take
 */
export async function parse(
  command: Command,
  given: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Pick<Call<Values<Options>>, "stack" | "options" | "args" | "given">> {
  const { stack, args } = command.options.stack ? parsePulumiArgs(given, env) : { stack: "", args: [...given] };
  if (command.passesOn === "pulumi") return { stack, options: {}, args: [...given], given: [...given] };
  if (command.passesOn === "vitest") {
    const isOwn = (arg: string) => arg.slice(2) in command.options && arg.startsWith("--");
    const flags = Object.keys(command.options).map((name) => [name, given.includes(`--${name}`)]);
    const rest = given.filter((arg) => !isOwn(arg));
    return { stack, options: Object.fromEntries(flags) as Values<Options>, args: rest, given: rest };
  }
  const { parts } = command;
  const [part = ""] = args;
  if (parts && !Object.hasOwn(parts, part)) {
    const lines = Object.keys(parts).join("|");
    throw new UserError(`Say which: ${typed(command.name)} -- ${lines}`, { exitCode: 2 });
  }
  const { options, positionals } = await check(command, parts?.[part]?.options ?? command.options, args);
  return { stack, options, args: positionals, given: args };
}

/** The values of options that have been checked. */
export function valuesOf<const O extends Options>(options: O, args: readonly string[]): Values<O> {
  return read(options, args).values;
}

/** An error about what somebody has typed. */
export function mistake(name: string, what: string): UserError {
  return new UserError(`${what}${what.endsWith("?") ? "" : "."} ${typed(name)} -- --help tells more.`, { exitCode: 2 });
}

/**
 * Where the `--` before them is missing npm takes options for its own and leaves no more of them than environment variables:
 * `npm run destroy --stack trial` would destroy another stack, and `config set --secret` would set a plain value.
 */
export function demandSeparator(command: Command, env: NodeJS.ProcessEnv = process.env): void {
  const ours = optionNames(command).filter((name) => !ofNpm.includes(name));
  const taken = [...ours, ...ofPulumi].find((name) => env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined);
  if (taken === undefined) return;
  throw new UserError(
    `npm has kept --${taken} for itself; options come after two dashes: ${typed(command.name)} -- --${taken} …`,
    { exitCode: 2 },
  );
}

/** Pulumi's options that matter most when they are lost. */
const ofPulumi = [
  ...["stack", "secret", "path", "plaintext", "config-file", "show-secrets", "show-urns", "skip-preview"],
  ...["preview-only", "refresh", "run-program", "exclude-protected", "expect-no-changes", "policy-pack"],
  "policy-pack-config",
];

/** Options that npm has too: it may have them from an .npmrc, for itself. */
const ofNpm = ["yes", "diff", "json", "workspace", "help"];

async function check(command: Command, options: Options, args: readonly string[]) {
  const { tokens, positionals, values } = read(options, args);
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) {
      const { didYouMean } = await import("../../errors/nearest.ts");
      const known = Object.keys(options).map((one) => `--${one}`);
      throw mistake(command.name, `Unknown option '${rawName}'${didYouMean(rawName, known)}`);
    }
    const isMissing = value === undefined || value === "" || (value.startsWith("-") && !inlineValue);
    if (takesValue(option) && isMissing)
      throw mistake(command.name, `${rawName} needs a value: ${rawName} ${option.value ?? option.default ?? ""}`);
    if (!takesValue(option) && value !== undefined) throw mistake(command.name, `${rawName} takes no value`);
  }
  const { least = 0, most = least, shown = "" } = command.parts ? { most: 1 } : (command.args ?? {});
  if (positionals.length > most) {
    const takes = shown === "" ? "no argument" : most === 1 ? `one argument, ${shown}` : shown;
    throw mistake(command.name, `${typed(command.name)} takes ${takes}; found ${positionals.slice(most).join(" ")}`);
  }
  if (positionals.length < least) throw mistake(command.name, `${shown} is missing`);
  return { positionals, options: values };
}

function takesValue({ value, default: otherwise }: Option): boolean {
  return value !== undefined || otherwise !== undefined;
}

/** What Node makes of it: everything is let through. */
function read<O extends Options>(options: O, args: readonly string[]) {
  const config = Object.entries(options).map(([name, option]) => {
    const type = takesValue(option) ? ("string" as const) : ("boolean" as const);
    return [name, { type, multiple: option.several === true }] as const;
  });
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(config),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const all = Object.entries(options).map(([name, option]) => {
    const otherwise = option.several ? [] : takesValue(option) ? option.default : false;
    return [name, values[name] ?? otherwise];
  });
  return { tokens, positionals, values: Object.fromEntries(all) as Values<O> };
}
