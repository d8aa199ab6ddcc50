import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { parse } from "yaml";
import { isMap } from "./walk.ts";

type Report = (path: readonly PropertyKey[], text: string) => void;

/**
 * A low-code connector with the manifest that its `manifestFile` holds, as it stands there: manifests have templates of
 * their own. undefined where that was reported to be impossible.
 *
 * @param file the file that names it, relative to the project
 */
export function withManifest(
  { manifestFile, ...declaration }: { manifestFile?: string | undefined },
  file: string,
  projectDir: string,
  report: Report,
): object | undefined {
  if (manifestFile === undefined) return declaration;
  const absolute = resolve(projectDir, dirname(file), manifestFile);
  const path = relative(projectDir, absolute);
  try {
    const manifest: unknown = parse(readFileSync(absolute, "utf8"));
    if (isMap(manifest)) return { ...declaration, manifest };
    report(["manifestFile"], `${path} holds no manifest: expected a map`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [firstLine = ""] = message.split("\n");
    report(["manifestFile"], code === "ENOENT" ? `there is no file ${path}` : `${path} can't be read: ${firstLine}`);
  }
  return undefined;
}
