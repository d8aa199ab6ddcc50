// From what was typed to the command: its help, the packages, what is wrong with the arguments, the Pulumi CLI, and then its run.
import { dirname, join } from "node:path";
import { installPackages } from "../setup/packages.mjs";
import { choosePulumi, pulumiEnv } from "../setup/pulumi.mjs";
import { StopError } from "../setup/stop.mjs";
import { demandSeparator, parse } from "./command-line.ts";
import { help, overview, type Command } from "./command.ts";

const projectDir = join(import.meta.dirname, "../..");

/** Every command of package.json, in the order in which the overview has them. */
const literals: Record<string, () => Promise<Command>> = {
  up: async () => (await import("./up.ts")).up,
  preview: async () => (await import("./preview.ts")).preview,
  refresh: async () => (await import("./refresh.ts")).refresh,
  destroy: async () => (await import("./destroy.ts")).destroy,
  pulumi: async () => (await import("./pulumi.ts")).pulumi,
  rows: async () => (await import("./rows.ts")).rows,
  open: async () => (await import("./open.ts")).open,
  graph: async () => (await import("./graph.ts")).graph,
  doctor: async () => (await import("./doctor.ts")).doctor,
  adopt: async () => (await import("./stack-commands.ts")).adopt,
  move: async () => (await import("./move.ts")).move,
  connect: async () => (await import("./connect.ts")).connect,
  types: async () => (await import("./types.ts")).types,
  package: async () => (await import("./package.ts")).makePackage,
  comment: async () => (await import("./comment.ts")).comment,
  test: async () => (await import("./test/run.ts")).test,
  check: async () => (await import("./check.ts")).check,
  bench: async () => (await import("./project-commands.ts")).bench,
  fuzz: async () => (await import("./fuzz.ts")).fuzz,
  schema: async () => (await import("./schema.ts")).schema,
  docs: async () => (await import("./docs.ts")).docs,
  "lock-connectors": async () => (await import("./lock-connectors.ts")).lockConnectors,
};

/** All commands, by their names. */
export function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(literals).map((load) => load()));
}

/** Does what was typed and resolves with the exit code. */
export async function dispatch([name = "", ...given]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(literals, name) ? literals[name] : undefined;
  if (!load) {
    const asked = ["--help", "-h", "help"].includes(name);
    (asked ? console.log : console.error)(overview(await allCommands()));
    return asked ? 0 : 2;
  }
  const command = await load();
  if (wantsHelp(command, given)) {
    console.log(help(command));
    return 0;
  }
  demandSeparator(command);
  await installPackages(projectDir);
  await cleanConsole();
  process.env.AIRBYTE_SELECTED_STACK = await selected();
  const bringPulumi = async () => pulumiEnv(await choosePulumi(projectDir), dirname(process.execPath));
  return perform(command, { projectDir, given, env: process.env, bringPulumi });
}

/**
 * Runs a command once everything is set up, and resolves with its exit code.
 *
 * @param bringPulumi resolves with the environment in which Pulumi is found; left out where `env` is one
 */
export async function perform(
  command: Command,
  how: {
    projectDir: string;
    given: readonly string[];
    env: NodeJS.ProcessEnv;
    bringPulumi?: () => Promise<NodeJS.ProcessEnv>;
  },
): Promise<number> {
  const { projectDir, given, env, bringPulumi = () => Promise.resolve(env) } = how;
  const { needsPulumi = false } = command;
  const call = await parse(command, given, env);
  const needsIt = typeof needsPulumi === "function" ? needsPulumi(call.args[0]) : needsPulumi;
  const callEnv = needsIt ? await bringPulumi() : env;
  try {
    return await command.run({ projectDir, env: callEnv, ...call });
  } catch (error) {
    throw await inWords(error);
  }
}

/** `npm run pulumi -- up --help` is a question to pulumi; `npm run pulumi -- --help` is one to us. */
function wantsHelp({ name }: Command, given: readonly string[]): boolean {
  const asked = name === "pulumi" ? given.slice(0, 1) : given;
  return asked.some((arg) => arg === "--help" || arg === "-h");
}

/** Errors that explain themselves are shown without a stack trace, whichever part of the project they come from. */
async function inWords(error: unknown): Promise<unknown> {
  const { isUserError } = await import("../../errors/user-error.ts");
  return isUserError(error) && !(error instanceof StopError) ? new StopError(error.message) : error;
}

/** The stack that is worked on where nobody says which; "" where none is selected. */
async function selected(): Promise<string> {
  const { readProject, selectedStack } = await import("../stack/project.ts");
  return selectedStack(readProject(projectDir)) ?? "";
}

/** Whatever a command prints of servers, rows and files gives no orders to the terminal. */
async function cleanConsole(): Promise<void> {
  const { printable } = await import("../../errors/printable.ts");
  for (const name of ["log", "info", "warn", "error"] as const) {
    const print = console[name].bind(console);
    console[name] = (...values: unknown[]) => {
      print(...values.map((value) => (typeof value === "string" ? printable(value) : value)));
    };
  }
}
