const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `30m`, `2h` or `1h30m`, as Pulumi writes its own time limits; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  if (!/^(\d+[smh])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([smh])/g)].reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * UNITS[unit]!,
    0,
  );
}

/** The same the other way round, in whole minutes where it is some, else in seconds. */
export function showDuration(ms: number): string {
  return ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000}m` : `${Math.ceil(ms / 1_000)}s`;
}

/** What the setting `requestTimeout` can be, in milliseconds. */
export const requestTimeoutLimits = { shortest: 1_000, longest: 60 * 60_000 } as const;

/** The same for messages. */
export const REQUEST_TIMEOUT = "a time from 1s to 60m, such as 30s or 2m";

/** Milliseconds of the setting `requestTimeout`; undefined for what it can't be. */
export function readRequestTimeout(text: string): number | undefined {
  const { shortest, longest } = requestTimeoutLimits;
  const ms = readDuration(text);
  return ms !== undefined && ms >= shortest && ms <= longest ? ms : undefined;
}
