import { stackOption } from "../../../errors/commands.ts";
import type { Planned } from "./plan.ts";

/** What a move has come to. */
export interface Outcome {
  from: string;
  /** The first stack is paused. */
  isQuiet: boolean;
  to: string;
  planned: Planned[];
  /** Connections that the first stack goes on syncing by itself, into the same tables. */
  contested: string[];
  /** Those whose state could not be carried over. */
  failed: string[];
  /** As the user wanted it. */
  paused?: boolean | undefined;
}

/** What was done, and what to do next. */
export function closingWords({ from, isQuiet, to, planned, contested, failed, paused }: Outcome): string {
  const again = `npm run move -- --to ${to}${stackOption(from)}`;
  const connections = `${planned.length} ${planned.length === 1 ? "connection" : "connections"}`;
  if (failed.length > 0) {
    return `${to} stays paused, since the sync state of ${failed.join(", ")} is not there. Again: ${again}; without: ${again} --without-state`;
  }
  if (contested.length > 0) {
    return [
      `${connections} of ${from} are in ${to}, and paused there: ${from} goes on writing into the same tables (${contested.join(", ")}),`,
      `and two Airbytes must not. To change over:`,
      ...pausing(from).map((line) => `  ${line}`),
      `  ${again}    # carries the newest sync states over, and starts ${to}`,
    ].join("\n");
  }
  if (paused) return `${connections} of ${from} are in ${to}, and paused there. To start them: ${again}`;
  const how = isQuiet ? "paused as it was" : "as it was, and still syncs what it is asked to";
  return [
    `${connections} of ${from} are in ${to}, and sync there as declared. ${from} is ${how}.`,
    `To take it down: npm run destroy -- --stack ${from}`,
    ...(isQuiet ? [] : [`To pause it: ${pausing(from).join(" && ")}`]),
  ].join("\n");
}

/** The commands that stop all syncs of a stack. */
export function pausing(stack: string): string[] {
  return [`npm run pulumi -- config set paused true --stack ${stack}`, `npm start -- --stack ${stack}`];
}
