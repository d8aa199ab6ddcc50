/** Known to every copy of this module and to set-up's plain JavaScript alike, for which `instanceof` is no question. */
const brand = Symbol.for("airbyte-on-pulumi/user-error");

/** What an error is made of beside its summary. */
interface UserErrorParts {
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

// Control characters, of which the terminal takes some for orders, and those that turn the direction of what follows them.
const unprintable = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others (servers, connectors, rows, names) as it may be shown: nothing in it moves the cursor, hides or rewrites what is there. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped);
}

/** The same, in one line. */
export function onOneLine(text: string): string {
  return printable(text).replaceAll(/[\n\t]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// How a command is written in a message.

const throughNpm = ["start", "preview", "refresh", "destroy", "pulumi", "doctor", "adopt", "move", "types"];

/**
 * How pulumi is called by whoever reads the message: people who run this through npm may have no `pulumi` on their PATH, and a stack
 * is selected for each call.
 */
export function pulumiCommand(args: string): string {
  const { npm_lifecycle_event: script = "", PULUMI_STACK: stack = defaultStack() } = process.env;
  if (!throughNpm.includes(script)) return `pulumi ${args}`;
  return `npm run pulumi -- ${args}${stackOption(stack)}`;
}

/** What a command that is shown to people needs to be about this stack: nothing where it is the default one. */
export function stackOption(stack: string): string {
  return stack === defaultStack() ? "" : ` --stack ${stack}`;
}

/** The stack that the project's commands work on where nobody says which: the selected one (the commands hand it on), else dev. */
export function defaultStack({ AIRBYTE_SELECTED_STACK: selected }: NodeJS.ProcessEnv = process.env): string {
  return selected === undefined || selected === "" ? "dev" : selected;
}

/** A word as a shell takes it, for commands in messages. */
export function shellQuoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
