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
