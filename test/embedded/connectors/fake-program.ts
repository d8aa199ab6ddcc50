import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { programSource } from "../../../embedded/connectors/program-source.ts";
import { Programs } from "../../../embedded/connectors/programs.ts";
import type { ConfiguredCatalog } from "../../../embedded/connectors/connector.ts";
import type { JsonObject } from "../../../embedded/json.ts";

export const specification: JsonObject = {
  type: "object",
  properties: { password: { type: "string", airbyte_secret: true }, key: { type: "string", airbyte_secret: true } },
};

export const catalog: ConfiguredCatalog = {
  streams: [
    {
      stream: { name: "users", jsonSchema: { type: "object" }, supportedSyncModes: ["full_refresh"] },
      syncMode: "full_refresh",
      destinationSyncMode: "overwrite",
      cursorField: [],
      primaryKey: [],
    },
  ],
};

/**
 * A source whose program is this JavaScript. It has `say(message)`, `command`, `file(name)` for the path of a file that it
 * was given, and `given(name)` for what is in there.
 */
export function fakeSource(code: string) {
  const bin = mkdtempSync(join(tmpdir(), "fake-program-"));
  const head = `
    import { spawn } from "node:child_process";
    import { readFileSync, statSync, writeFileSync } from "node:fs";
    import { dirname } from "node:path";
    const [command, ...args] = process.argv.slice(2);
    const file = (name) => args[args.indexOf("--" + name) + 1];
    const given = (name) => JSON.parse(readFileSync(file(name), "utf8"));
    const say = (message) => process.stdout.write(JSON.stringify(message) + "\\n");
  `;
  writeFileSync(join(bin, "source-fake.mjs"), head + code);
  const folder = join(bin, "private");
  const python = fakePython(bin);
  const programs = new Programs(folder, () => Promise.resolve({ bin, python }));
  const log: string[] = [];
  const source = programSource({
    environment: "source-fake",
    program: "source-fake.mjs",
    programs,
    specification: () => Promise.resolve(specification),
    log: (line) => log.push(line),
  });
  onTestFinished(async () => {
    await programs.close();
    rmSync(bin, { recursive: true, force: true });
  });
  return { ...source, programs, log, folder, bin };
}

/** Runs JavaScript as programs; a real one would take rights away from itself first, by what stands before the `--`. */
export function fakePython(folder: string): string {
  const python = join(folder, "python");
  const script = `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift 2; exec "${process.execPath}" "$@"\n`;
  writeFileSync(python, script, { mode: 0o755 });
  return python;
}

/** Whether a process is there and more than a zombie that nobody collects. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
