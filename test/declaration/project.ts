import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { ConfigurationError } from "../../errors/user-error.ts";
import { loadPipelines } from "../../declaration/declare.ts";
import type { Pipelines, Values } from "../../declaration/declare.ts";

export const faker = "dfd88b22-b603-4c3d-aad7-3701784586b1";
export const postgres = "25c5221d-dce2-4163-ade9-739ef790f503";

/** A folder with these files, gone after the test. */
export function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "pipelines-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A stack with these secrets and values. */
export function values(secrets: Record<string, unknown> = {}, plain: Record<string, string> = {}): Values {
  const own = <T>(map: Record<string, T>, name: string) => (Object.hasOwn(map, name) ? map[name] : undefined);
  return {
    secret: (name) => own(secrets, name),
    config: (name) => own(plain, name),
    names: () => [...Object.keys(secrets), ...Object.keys(plain)],
  };
}

/** Loads the main file, or several files. */
export function load(files: string | Record<string, string>, stack = values()): Pipelines {
  const all = typeof files === "string" ? { "pipelines.yaml": files } : files;
  return loadPipelines(project(all), "pipelines.yaml", stack);
}

/** The mistakes that loading these files reports. */
export function mistakesOf(files: string | Record<string, string>, stack = values()): readonly string[] {
  try {
    load(files, stack);
  } catch (error) {
    if (error instanceof ConfigurationError) return [...error.mistakes];
    throw error;
  }
  return [];
}
