// Runs on Node 18.
import { delimiter, dirname } from "node:path";

/**
 * How to run npm with a certain Node: a command, the arguments that come before npm's own, and the environment.
 *
 * npm is a script. The npm that started us names its file; started in another way (`node scripts/run.mjs`, pnpm, yarn) we take the
 * `npm` on PATH, whose first line looks for `node` on PATH, and put the right one first there.
 */
export function npmCommand(node, env = process.env) {
  const withNode = { ...env, PATH: `${dirname(node)}${delimiter}${env.PATH}` };
  const script = env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return { command: node, args: [script], env: withNode };
  return { command: "npm", args: [], env: withNode };
}
