// A call of pulumi: its stack, its first words, and the arguments that are added to it.
import { readFileSync, statSync } from "node:fs";
import { defaultStack, UserError } from "../../errors/user-error.ts";
import { canAsk } from "../terminal.ts";

/** The commands that change what there is, or what the state says of it. */
export const writingVerbs: readonly string[] = ["up", "refresh", "destroy"];

/** A call of pulumi. */
export interface PulumiCall {
  stack: string;
  args: string[];
  /** The first words: `up`, or `stack` and `init`. */
  verb?: string | undefined;
  noun?: string | undefined;
}

const aliases: Record<string, string> = { update: "up", pre: "preview", down: "destroy", dn: "destroy" };

/**
 * Takes the stack out of pulumi's arguments (`--stack NAME`, `--stack=NAME`, `-s NAME`; else $PULUMI_STACK, else the selected one, else
 * dev), since it is handed on as PULUMI_STACK, which every command knows.
 *
 * @throws UserError for a name that Pulumi refuses too, but that set-up would make folders and files of before
 */
export function parsePulumiArgs(given: readonly string[], env: NodeJS.ProcessEnv): PulumiCall {
  const { PULUMI_STACK: said = "" } = env;
  let stack = said === "" ? defaultStack(env) : said;
  const args: string[] = [];
  const end = given.includes("--") ? given.indexOf("--") : given.length;
  let isName = false;
  for (const [index, arg] of given.entries()) {
    const inline = /^(?:--stack|-s)=(.*)$/s.exec(arg)?.[1];
    if (isName) [stack, isName] = [arg, false];
    else if (index >= end) args.push(arg);
    else if (inline !== undefined) stack = inline;
    else if (arg === "--stack" || arg === "-s")
      [stack, isName] = ["", true]; // not the default one: to destroy that could be a mistake
    else args.push(arg);
  }
  if (!isStackName(stack))
    throw new UserError(
      `${JSON.stringify(stack)} can't be the name of a stack: expected at most 100 letters, digits, - _ or ., and no - first, as in --stack dev; ` +
        `not . or .., and not ${ownFiles.join(" or ")}, which set-up has files of.`,
      { exitCode: 2 },
    );
  const [verb, noun] = args.filter((arg) => !arg.startsWith("-"));
  return { stack, args, verb: verb === undefined ? undefined : (aliases[verb] ?? verb), noun };
}

/**
 * @throws UserError for an import of one of this project's resources, alone or in a file: Pulumi's dynamic provider reads what doesn't
 * name its code yet, and ends with "code must be a string, not undefined"
 */
export function refuseImport({ verb, args }: Pick<PulumiCall, "verb" | "args">): void {
  if (verb !== "import" || args.includes("--help") || args.includes("-h")) return;
  const texts = args.map((arg) => {
    const file = arg.replace(/^(?:--file|-f)=/, "");
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : arg;
  });
  if (!texts.some((text) => text.includes("pulumi-nodejs:dynamic/"))) return;
  throw new UserError("Pulumi's dynamic resources can't be imported.", {
    next: "npm run adopt takes over what is in an Airbyte, and `adopt: ID` in an entry, or among a class's arguments, a single object.",
    exitCode: 2,
  });
}

/** In .airbyte, beside the folders of the stacks. */
const ownFiles = ["passphrase", "packages.lock"];

function isStackName(stack: string): boolean {
  const [, name] = /^(?:[\w-][\w.-]*\/){0,2}([\w.][\w.-]{0,99})$/.exec(stack) ?? [];
  return name !== undefined && ![".", "..", ...ownFiles].includes(name);
}

/**
 * Adds `--yes` where nobody needs to be asked. On the embedded Airbyte, a trial on this machine, that is every `up` and `refresh`, and
 * a `destroy` that nobody could answer. Elsewhere pulumi asks; without a terminal the user must have said it beforehand.
 */
export function withYes(verb: string, args: string[], embedded: boolean, atTerminal = canAsk()): string[] {
  if (!writingVerbs.includes(verb)) return args;
  const said = ["--yes", "-y", "--skip-preview", "-f", "--preview-only", "--json", "--help", "-h"];
  if (args.some((arg) => said.includes(arg))) return args;
  if (embedded && (verb !== "destroy" || !atTerminal)) return [...args, "--yes"];
  if (atTerminal) return args;

  const command = verb === "up" ? "npm start" : `npm run ${verb}`;
  throw new UserError(`Without a terminal nobody can be asked whether to go on: add --yes (${command} -- --yes).`);
}

/** Options of `up` that say something about the preview, or about how it is shown. */
const aboutPreview = /^(?:--skip-preview|-f|--preview-only|--diff|--json|--plan|--save-plan|--show-[a-z-]+)(?:=|$)/;

/** Where nobody is asked nobody reads the preview, and the update shows the same: an `up` without it takes half the time. */
export function withoutPreview(verb: string, args: string[], embedded: boolean): string[] {
  if (verb !== "up" || !embedded || args.some((arg) => aboutPreview.test(arg))) return args;
  return [...args, "--skip-preview"];
}

/**
 * Outputs are addresses and ids: five lines for each pipeline, of all of them when one is new or an update fails, around the one line that
 * says what changed. `npm run pulumi -- stack output` shows them.
 */
export function withoutOutputs(verb: string, args: string[]): string[] {
  if (![...writingVerbs, "preview"].includes(verb)) return args;
  if (args.some((arg) => /^--(?:suppress-outputs|json|diff)(?:=|$)/.test(arg))) return args;
  return [...args, "--suppress-outputs"];
}
