import { writingVerbs } from "./pulumi-args.mjs";
import { StopError } from "./setup/stop.mjs";
import { canAsk } from "./terminal.mjs";

/**
 * Adds `--yes` where nobody needs to be asked. On the embedded Airbyte, a trial on this machine, that is every `up` and `refresh`, and
 * a `destroy` that nobody could answer. Elsewhere pulumi asks; without a terminal the user must have said it beforehand.
 */
export function withYes(verb, args, embedded, atTerminal = canAsk()) {
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
export function withoutPreview(verb, args, embedded) {
  if (verb !== "up" || !embedded || args.some((arg) => aboutPreview.test(arg))) return args;
  return [...args, "--skip-preview"];
}

/**
 * Outputs are addresses and ids: five lines for each pipeline, of all of them when one is new or an update fails, around the one line that
 * says what changed. `npm run pulumi -- stack output` shows them.
 */
export function withoutOutputs(verb, args) {
  if (![...writingVerbs, "preview"].includes(verb)) return args;
  if (args.some((arg) => /^--(?:suppress-outputs|json|diff)(?:=|$)/.test(arg))) return args;
  return [...args, "--suppress-outputs"];
}
