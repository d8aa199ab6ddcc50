import { readFileSync } from "node:fs";

/** The project's version. A running server of another version is restarted by the launcher. */
export function projectVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
