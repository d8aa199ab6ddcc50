/** In place of the stack of an error that explains itself. */
export const ECHO = "see the resource's own message";

// Of an error that explains itself Pulumi's own line says nothing; with eight of them, eight such lines.
// And when a mistake ends a run, the engine shuts the channel on which the program still tells that it is shut.
const NOISE = [
  `error: ${ECHO}`,
  /^failed to deliver log message\.[^]*Channel has been shut down[^]*original message: Error: 14 UNAVAILABLE/,
];

const silenced = Symbol("quiet");

/** Has the console of a program or of a provider leave out what Pulumi's SDK prints there and says nothing. */
export function quietConsole(console: Pick<Console, "error"> & { [silenced]?: true }): void {
  if (console[silenced]) return;
  console[silenced] = true;
  const print = console.error.bind(console);
  console.error = (...words: unknown[]) => {
    const [first] = words;
    const isNoise = NOISE.some((noise) => (typeof noise === "string" ? first === noise : noise.test(String(first))));
    if (!isNoise) print(...words);
  };
}
