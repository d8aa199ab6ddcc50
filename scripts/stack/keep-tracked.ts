import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isManagedByUser } from "./overlay.ts";
import type { StackSettings } from "./project.ts";

/**
 * Runs `work` and takes back a bare salt that pulumi wrote into a tracked settings file meanwhile (`stack init`, `watch` and others
 * that know no --config-file do): committed, it would break the next machine, which has another passphrase.
 */
export async function keepTracked<T>(projectDir: string, work: () => Promise<T>): Promise<T> {
  const before = settingsFiles(projectDir);
  try {
    return await work();
  } finally {
    for (const [file, text] of settingsFiles(projectDir)) {
      const old = before.get(file);
      if (text === old || !gainedOnlySalt(old, text)) continue;
      if (old === undefined) rmSync(file);
      else writeFileSync(file, old);
    }
  }
}

function settingsFiles(projectDir: string): Map<string, string> {
  const names = readdirSync(projectDir).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  return new Map(names.map((name) => [join(projectDir, name), readFileSync(join(projectDir, name), "utf8")]));
}

function gainedOnlySalt(oldText: string | undefined, text: string): boolean {
  const { encryptionsalt, ...settings } = (parse(text) ?? {}) as StackSettings;
  const old = (parse(oldText ?? "") ?? {}) as StackSettings;
  if (!encryptionsalt || old.encryptionsalt || isManagedByUser(settings)) return false;
  return JSON.stringify(settings) === JSON.stringify(old);
}
