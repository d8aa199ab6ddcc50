import { StopError } from "./setup/stop.mjs";

/**
 * Adds `--yes` where nobody needs to be asked. On the embedded Airbyte, a trial on this machine, that is every `up` and `refresh`, and
 * a `destroy` that nobody could answer. Elsewhere pulumi asks; without a terminal the user must have said it beforehand.
 */
export function withYes(verb, args, embedded, atTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY)) {
  if (!["up", "refresh", "destroy"].includes(verb)) return args;
  const said = ["--yes", "-y", "--skip-preview", "-f", "--preview-only", "--json", "--help", "-h"];
  if (args.some((arg) => said.includes(arg))) return args;
  if (embedded && (verb !== "destroy" || !atTerminal)) return [...args, "--yes"];
  if (atTerminal) return args;

  const command = verb === "up" ? "npm start" : `npm run ${verb}`;
  throw new StopError(`Without a terminal nobody can be asked whether to go on: add --yes (${command} -- --yes).`);
}
