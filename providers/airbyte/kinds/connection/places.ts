import type { Issue } from "../../../../errors/zod-issues.ts";

/** Groups in the order of their first members. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

/** A mistake in a pattern, or in the defaults, is one mistake, however many streams or tables have it. */
export function oncePerPlace<I extends Issue>(
  issues: readonly I[],
  what: string,
  keyOf = (issue: I): unknown => issue.path,
): I[] {
  return grouped(issues, keyOf).flatMap(([first, ...others]) => {
    if (!first) return [];
    const more = others.length === 1 ? `another ${what}` : `${others.length} more ${what}s`;
    return [others.length === 0 ? first : { ...first, text: `${first.text} (and so with ${more})` }];
  });
}
