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
