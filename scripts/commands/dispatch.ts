// From what was typed to the command: its help, the packages, what is wrong with the arguments, the Pulumi CLI, and then its run.
import { dirname, join } from "node:path";
import { installPackages } from "../setup/packages.mjs";
import { choosePulumi, pulumiEnv } from "../setup/pulumi.mjs";
import { demandSeparator, parse } from "./command-line.ts";
import { help, overview, type Command } from "./command.ts";
import { projectCommands } from "./project-commands.ts";
import { stackCommands } from "./stack-commands.ts";

const projectDir = join(import.meta.dirname, "../..");

/** Every command of package.json, in the order in which the overview has them. */
export const allCommands: readonly Command[] = [...stackCommands, ...projectCommands];

/** Does what was typed and resolves with the exit code. */
export async function dispatch([name = "", ...given]: readonly string[]): Promise<number> {
  const command = allCommands.find((one) => one.name === name);
  if (!command) {
    const asked = ["--help", "-h", "help"].includes(name);
    (asked ? console.log : console.error)(overview(allCommands));
    return asked ? 0 : 2;
  }
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
  const needsIt = typeof needsPulumi === "function" ? needsPulumi(call) : needsPulumi;
  return command.run({ projectDir, env: needsIt ? await bringPulumi() : env, ...call });
}

/** `npm run pulumi -- up --help` is a question to pulumi; `npm run pulumi -- --help` is one to us. */
function wantsHelp({ name }: Command, given: readonly string[]): boolean {
  const asked = name === "pulumi" ? given.slice(0, 1) : given;
  return asked.some((arg) => arg === "--help" || arg === "-h");
}

/** The stack that is worked on where nobody says which; "" where none is selected. */
async function selected(): Promise<string> {
  const { readProject, selectedStack } = await import("../stack/project.ts");
  return selectedStack(readProject(projectDir)) ?? "";
}

/** Whatever a command prints of servers, rows and files gives no orders to the terminal. */
async function cleanConsole(): Promise<void> {
  const { printable } = await import("../../errors/user-error.ts");
  for (const name of ["log", "info", "warn", "error"] as const) {
    const print = console[name].bind(console);
    console[name] = (...values: unknown[]) => {
      print(...values.map((value) => (typeof value === "string" ? printable(value) : value)));
    };
  }
}
