import { StopError } from "./stop.mjs";

/** Pulumi's options that matter most when they are lost; ours are in the usage texts. */
const ofPulumi = [
  ...["secret", "path", "plaintext", "config-file", "show-secrets", "show-urns", "skip-preview", "preview-only"],
  ...["refresh", "run-program", "exclude-protected", "expect-no-changes", "policy-pack", "policy-pack-config"],
];

/** Options that npm has too: it may have them from an .npmrc, for itself. */
const ofNpm = ["yes", "diff", "json", "workspace", "help"];

/**
 * Where the `--` before them is missing npm takes options for its own and leaves no more of them than environment variables:
 * `npm run destroy --stack trial` would destroy another stack, and `config set --secret` would set a plain value.
 */
export function demandSeparator(usage, env = process.env) {
  const ours = [...usage.matchAll(/--([a-z][a-z-]+)/g)].map(([, name]) => name).filter((name) => !ofNpm.includes(name));
  const taken = [...ours, ...ofPulumi].find((name) => env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined);
  if (taken === undefined) return;
  const [script] = /^npm (?:run )?[\w-]+/.exec(usage);
  throw new StopError(
    `npm has kept --${taken} for itself; options come after two dashes: ${script} -- --${taken} …`,
    2,
  );
}
