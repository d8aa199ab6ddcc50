import { onOneLine, printable } from "./printable.ts";

/** Known to every copy of this module and to set-up's plain JavaScript alike, for which `instanceof` is no question. */
const brand = Symbol.for("airbyte-on-pulumi/user-error");

/** What an error is made of beside its summary. */
export interface UserErrorParts {
  /** What callers decide by, and tests compare; never the text. Left out where nobody needs to. */
  code?: string | undefined;
  /** What to do now: a sentence, or a command. */
  next?: string | undefined;
  /** What it is about, such as a file or a resource. */
  place?: string | undefined;
  /** What a command ends with that stops by it: 1, and 2 where it was typed wrongly. Default: 1. */
  exitCode?: number | undefined;
  cause?: unknown;
}

/** An error whose message says all that a person needs: what happened, where, and what to do. It is shown without a stack trace. */
export class UserError extends Error {
  readonly [brand] = true;
  readonly code: string | undefined;
  readonly place: string | undefined;
  /** What happened, without place and next step. */
  readonly summary: string;
  readonly next: string | undefined;
  readonly exitCode: number;

  constructor(summary: string, { code, next, place, exitCode = 1, cause }: UserErrorParts = {}) {
    super(inWords(summary, { next, place }), cause === undefined ? undefined : { cause });
    this.code = code;
    this.place = place;
    this.summary = summary;
    this.next = next;
    this.exitCode = exitCode;
  }
}

/** Whether a message is for the person who reads it, and complete: so also of `StopError` in set-up. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && brand in error;
}

/** How everything that went wrong is told, also where it isn't thrown. */
export function inWords(summary: string, { next, place }: Pick<UserErrorParts, "next" | "place"> = {}): string {
  const told = place === undefined ? summary : `${place}: ${summary}`;
  return next === undefined ? told : `${told}\n  ${nextStep(next)}`;
}

/** The line that tells what to do. */
export function nextStep(next: string): string {
  return `Next step: ${next}`;
}

/** Makes the error of another part, whose message explains itself, one that is shown without a stack trace. */
export function explained<T>(run: () => T): T {
  const explain = (error: unknown): never => {
    throw error instanceof Error && !isUserError(error) ? new UserError(error.message, { cause: error }) : error;
  };
  try {
    const result = run();
    return result instanceof Promise ? (result.catch(explain) as T) : result;
  } catch (error) {
    return explain(error);
  }
}

/** One mistake in what the user wrote. */
export interface Mistake {
  /** `pipelines.yaml:3:5`, where it stands in a file. */
  file?: string | undefined;
  /** `connections.orders.streams[0].name`; empty where all of the file is meant. */
  path: string;
  /** What was expected, and what was found. */
  text: string;
  /** A command that mends it. */
  remedy?: string | undefined;
}

/** A mistake as it is shown: a line, and one below for its remedy. */
export function mistakeInWords({ file, path, text, remedy }: Mistake): string {
  const place = [file, path].filter(Boolean).join(" ");
  const line = onOneLine(`${place}${path === "" ? "" : ":"} ${text}`);
  return remedy === undefined ? line : `${line}\n  ${onOneLine(remedy)}`;
}

/** More than anybody mends before the next run. */
const maxShown = 100;

/**
 * All mistakes found in what the user wrote (stack configuration, pipelines.yaml), as one error.
 *
 * Pulumi prints it as its message alone, without a stack trace: the marker below is the one of `pulumi.RunError`, which the SDK
 * looks for instead of the class. It's set here by hand so that scripts can use this class without loading the SDK.
 */
export class ConfigurationError extends UserError {
  readonly __pulumiRunError = true;
  /** One entry per mistake, without indentation. */
  readonly mistakes: readonly string[];
  /** The same in their parts. */
  readonly found: readonly Mistake[];

  constructor(where: string, found: readonly Mistake[]) {
    const mistakes = found.map(mistakeInWords);
    const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
    const lines = mistakes.slice(0, maxShown).map((mistake) => `  ${mistake.replaceAll("\n", "\n  ")}`);
    if (mistakes.length > maxShown) lines.push(`  … and ${mistakes.length - maxShown} more`);
    super(printable(`${count} in ${where}:\n${lines.join("\n")}`), { code: "configuration" });
    this.name = "ConfigurationError";
    this.mistakes = mistakes;
    this.found = found;
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
