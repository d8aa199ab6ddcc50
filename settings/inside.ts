import { isAbsolute, relative, sep } from "node:path";

/** `path` as seen from `folder`, or undefined where it isn't in it. Both are absolute. */
export function inside(folder: string, path: string): string | undefined {
  const steps = relative(folder, path);
  const leadsOut = steps === ".." || steps.startsWith(`..${sep}`) || isAbsolute(steps);
  return steps === "" || leadsOut ? undefined : steps;
}
