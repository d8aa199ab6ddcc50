import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "shell-quote";
import { examples, objectKeys, secretKeys, settingKeys } from "../../settings/settings.ts";
import { optionNames, type Command } from "../../scripts/commands/command.ts";
import { allCommands } from "../../scripts/commands/dispatch.ts";
import { projectDir } from "./pages.ts";

const { scripts } = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const commands = new Map(allCommands.map((command) => [command.name, command]));

/** Settings whose keys are the user's own. */
const openSettings = ["aws.tags", "kubernetes.values", "kubernetes.ingress.annotations"];

/** Words in capitals stand for what the reader fills in. */
const isStandIn = (word: string) => /^[A-Z][A-Z-]*$/.test(word) || word.includes("…");

/**
 * What is wrong with a line of the docs: commands of this project and of Pulumi, their options, and the settings that they set. What
 * other programs make of their arguments is not looked at.
 *
 * @param names what pipelines of the page ask the stack for, beside its settings
 */
export function mistakesIn(line: string, names: ReadonlySet<string>): string[] {
  return simpleCommands(line).flatMap((words) => {
    const [program, ...rest] = words;
    if (program === "pulumi") return pulumiMistakes(rest, undefined, names);
    if (program !== "npm") return [];
    const [verb = "", ...args] = rest;
    if (!["run", "start", "test"].includes(verb)) return []; // npm's own
    const ofNpm = verb === "run" ? args.findIndex((arg) => !arg.startsWith("-")) : 0; // npm run --silent NAME
    const [name = "", ...given] = verb === "run" ? args.slice(ofNpm) : [verb, ...args];
    if (name === "" || isStandIn(name)) return [];
    if (!(name in scripts)) return [`npm run ${name}: package.json has no such script`];
    const command = commands.get(name === "start" ? "up" : name);
    const options = given[0] === "--" ? given.slice(1) : given;
    if (options.length > 0 && given[0] !== "--")
      return [`${line}: npm takes ${options.join(" ")} for itself; -- is missing`];
    if (!command) return [];
    if (command.name === "pulumi") return pulumiMistakes(options, command, names);
    return unknownOptions(options, command, command.passesOn === "pulumi" ? [command.name] : undefined);
  });
}

function pulumiMistakes(args: string[], command: Command | undefined, names: ReadonlySet<string>): string[] {
  const verbs = args.filter((arg, index) => !arg.startsWith("-") && !args[index - 1]?.startsWith("--")).slice(0, 2);
  const mistakes = unknownOptions(args, command, verbs);
  if (verbs[0] !== "config" || verbs[1] !== "set") return mistakes;
  const key = args.slice(args.indexOf("set") + 1).find((arg) => !arg.startsWith("-")) ?? "";
  const ofOthers = key.includes(":") && !key.startsWith("airbyte-on-pulumi:");
  return isStandIn(key) || ofOthers || isSetting(key.replace("airbyte-on-pulumi:", "")) || names.has(key)
    ? mistakes
    : [...mistakes, `config set ${key}: no such setting, and no pipelines of the page ask for it`];
}

function isSetting(key: string): boolean {
  const path = key.replaceAll(/\[(\d+)\]/g, ".$1");
  if (!path.includes(".")) return [...settingKeys, ...secretKeys, ...objectKeys].includes(path);
  return path in examples || openSettings.some((open) => path.startsWith(`${open}.`));
}

function unknownOptions(args: string[], command: Command | undefined, verbs: string[] | undefined): string[] {
  if (command?.passesOn === "vitest") return [];
  const options = args.filter((arg) => arg.startsWith("-") && arg !== "--").map((arg) => arg.split("=")[0] ?? "");
  const own = ["help", ...(command ? optionNames(command) : ["stack"])].map((name) => `--${name}`);
  const isKnown = (option: string) =>
    own.includes(option) || (verbs !== undefined && hasOption(pulumiHelp(verbs), option));
  return [...new Set(options)]
    .filter((option) => !isKnown(option))
    .map((option) => `${option} of ${args.join(" ")}: no such option`);
}

function hasOption(help: string, option: string): boolean {
  return help.split(/[\s,=[\]]+/).includes(option);
}

const helps = new Map<string, string>();

function pulumiHelp(verbs: string[]): string {
  const key = verbs.join(" ");
  const help = helps.get(key) ?? execFileSync("pulumi", [...verbs, "--help"], { encoding: "utf8" });
  helps.set(key, help);
  return help;
}

/** The commands between `|`, `&&` and `;`, each as its words; assignments and redirections are left out. */
function simpleCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  let isFile = false;
  for (const entry of parse(line.replaceAll(/\$(?=[\w(])/g, "\\$"))) {
    if (typeof entry === "string") {
      if (!isFile) commands.at(-1)?.push(entry);
      isFile = false;
    } else if ("op" in entry && entry.op !== "glob") {
      isFile = [">", ">>", "<"].includes(entry.op);
      if (!isFile) commands.push([]);
    }
  }
  return commands.map((words) => words.slice(words.findIndex((word) => !/^\w+=/.test(word))));
}
