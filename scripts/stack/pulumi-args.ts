import { readFileSync, statSync } from "node:fs";
import { defaultStack } from "../../errors/commands.ts";
import { StopError } from "../setup/stop.mjs";

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
 * @throws StopError for a name that Pulumi refuses too, but that set-up would make folders and files of before
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
    throw new StopError(
      `${JSON.stringify(stack)} can't be the name of a stack: expected at most 100 letters, digits, - _ or ., and no - first, as in --stack dev; ` +
        `not . or .., and not ${ownFiles.join(" or ")}, which set-up has files of.`,
      2,
    );
  const [verb, noun] = args.filter((arg) => !arg.startsWith("-"));
  return { stack, args, verb: verb === undefined ? undefined : (aliases[verb] ?? verb), noun };
}

/**
 * @throws StopError for an import of one of this project's resources, alone or in a file: Pulumi's dynamic provider reads what doesn't
 * name its code yet, and ends with "code must be a string, not undefined"
 */
export function refuseImport({ verb, args }: Pick<PulumiCall, "verb" | "args">): void {
  if (verb !== "import" || args.includes("--help") || args.includes("-h")) return;
  const texts = args.map((arg) => {
    const file = arg.replace(/^(?:--file|-f)=/, "");
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : arg;
  });
  if (!texts.some((text) => text.includes("pulumi-nodejs:dynamic/"))) return;
  throw new StopError(
    "Pulumi's dynamic resources can't be imported. Next step: npm run adopt takes over what is in an Airbyte, and `adopt: ID` in an entry, or among a class's arguments, a single object.",
    2,
  );
}

/** In .airbyte, beside the folders of the stacks. */
const ownFiles = ["passphrase", "packages.lock"];

function isStackName(stack: string): boolean {
  const [, name] = /^(?:[\w-][\w.-]*\/){0,2}([\w.][\w.-]{0,99})$/.exec(stack) ?? [];
  return name !== undefined && ![".", "..", ...ownFiles].includes(name);
}
