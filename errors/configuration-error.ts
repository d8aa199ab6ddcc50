import { printable } from "./printable.ts";

/** More than anybody mends before the next run. */
const maxShown = 100;

/**
 * All mistakes found in what the user wrote (stack configuration, pipelines.yaml), as one error.
 *
 * Pulumi prints it as its message alone, without a stack trace: the marker below is the one of `pulumi.RunError`, which the SDK
 * looks for instead of the class. It's set here by hand so that scripts can use this class without loading the SDK.
 */
export class ConfigurationError extends Error {
  readonly __pulumiRunError = true;
  /** One entry per mistake, without indentation. */
  readonly mistakes: readonly string[];

  constructor(where: string, mistakes: readonly string[]) {
    const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
    const lines = mistakes.slice(0, maxShown).map((mistake) => `  ${mistake.replaceAll("\n", "\n  ")}`);
    if (mistakes.length > maxShown) lines.push(`  … and ${mistakes.length - maxShown} more`);
    super(printable(`${count} in ${where}:\n${lines.join("\n")}`));
    this.name = "ConfigurationError";
    this.mistakes = mistakes;
  }
}

/** `connections.orders.streams[0].name`; names that aren't plain words are quoted. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\w$-]+$/.test(String(step))) text += (text && ".") + String(step);
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return text;
}
