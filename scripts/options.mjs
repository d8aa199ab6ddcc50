// The options of the project's own commands, and how a wrong one is told.
import { parseArgs } from "node:util";
import { StopError } from "./setup/stop.mjs";

/**
 * The values of a command's options.
 *
 * @throws StopError for what the command doesn't take
 */
export function parseOptions(command, args, options) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw wrongOption(command, error.message.split(". ")[0]); // Node goes on about arguments that begin with a dash
  }
}

export function wrongOption(command, what) {
  return new StopError(`${what}. npm run ${command} -- --help tells more.`, 2);
}
