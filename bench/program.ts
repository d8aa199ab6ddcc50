// What every part of the benchmark is run by.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const controller = new AbortController();

/** Aborted by Ctrl-C and the like, so that whoever has started a process gets to end it. */
export const interruption = controller.signal;

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  // Later ones too: a process group and a parent that passes signals on make two of one, and the second would end us uncleaned.
  process.on(name, () => {
    controller.abort(new Error("Interrupted"));
  });
}

/** Runs a part of the benchmark with the arguments of this process; what goes wrong is said in one line. */
export async function runPart(main: (args: string[]) => Promise<void>): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(interruption.aborted ? "Interrupted" : (error as Error).message);
    process.exitCode = 1;
  }
}

/** Writes a file of results, in a folder that need not be there. */
export function writeResult(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** A GET, or a POST of a body. Throws what the server says, unless it is well. */
export async function ask<T>(url: string, body?: object, bearer?: string): Promise<T> {
  const headers = { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) };
  const response = await fetch(url, { headers, ...(body && { method: "POST", body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
