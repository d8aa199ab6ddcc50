import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PLUGINS = { aws: "7.48.0", docker: "5.2.0", kubernetes: "4.34.2" };

/**
 * Clouds on paper (`paper-plugin.ts`) for the Pulumi CLI, and an `ssh` on whose other side every machine is set up.
 *
 * @param folder that the PATH shall lead to
 * @param address of every machine
 */
export function paperCloud(folder: string, address: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  const program = (name: string, lines: string[]) => {
    writeFileSync(join(folder, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  };
  for (const [plugin, version] of Object.entries(PLUGINS)) {
    const main = join(import.meta.dirname, "paper-plugin.ts");
    const settings = JSON.stringify({ version, address });
    program(`pulumi-resource-${plugin}`, [
      `export PAPER_CLOUD='${settings}'`,
      `exec "${process.execPath}" --disable-warning=ExperimentalWarning "${main}" "$@"`,
    ]);
  }
  program("ssh", ['echo "status: done"']);
  const PATH = `${folder}:${process.env.PATH ?? ""}`;
  return { PATH, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
}
