import { isAbsolute, relative, resolve, sep } from "node:path";

/** `path` as seen from `folder`, or undefined where it isn't in it. Both are absolute. */
export function inside(folder: string, path: string): string | undefined {
  const steps = relative(folder, path);
  const leadsOut = steps === ".." || steps.startsWith(`..${sep}`) || isAbsolute(steps);
  return steps === "" || leadsOut ? undefined : steps;
}

/**
 * Whether the stack may keep its files there. They are secret in part, and `destroy` removes folders of them: so in the project they are
 * under `.airbyte`, which git ignores and which holds no code.
 */
export function isStateFolder(value: string): boolean {
  const project = process.cwd();
  const folder = resolve(value);
  const path = inside(project, folder);
  if (path !== undefined) return path.startsWith(`.airbyte${sep}`);
  const isAround = folder === project || inside(folder, project) !== undefined;
  return isAbsolute(value) && !isAround;
}
