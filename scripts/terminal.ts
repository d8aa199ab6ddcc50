// Who is asked before something is changed, and how.
import { createInterface } from "node:readline/promises";
import { StopError } from "./setup/stop.mjs";
import { writingVerbs } from "./stack/pulumi-args.ts";

/** Whether there is somebody who sees a question and can answer it. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/** No is what counts when nothing is said, as with Ctrl-D or Ctrl-C. */
export async function askYesNo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `).catch(() => "");
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
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
  throw new StopError(`Without a terminal nobody can be asked whether to go on: add --yes (${command} -- --yes).`);
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
