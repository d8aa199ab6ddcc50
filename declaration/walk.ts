/** Where in a declaration a value stands. */
export type Path = readonly (string | number)[];

/** A copy of `value` in which every string (not keys) is replaced by what `replace` gives for it. */
export function mapStrings(value: unknown, path: Path, replace: (text: string, path: Path) => unknown): unknown {
  if (typeof value === "string") return replace(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapStrings(item, [...path, index], replace));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapStrings(inner, [...path, key], replace)] as const),
  );
}

/** A plain object, as YAML's maps become. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** `over` on top of `under`: maps are merged at every depth, anything else (lists too) is replaced. */
export function merge(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over === undefined ? under : over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  const own = (map: Record<string, unknown>, key: string) => (Object.hasOwn(map, key) ? map[key] : undefined);
  return Object.fromEntries([...keys].map((key) => [key, merge(own(under, key), own(over, key))] as const));
}
