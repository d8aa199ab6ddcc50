import { isAbsolute, relative, resolve, sep } from "node:path";
import { UserError } from "../errors/user-error.ts";

/** The values that references stand for: the stack's configuration. Every function may throw an Error whose message explains. */
export interface Values {
  /** A secret (an Output, where the values come from Pulumi); undefined where there is none of the name. */
  secret(name: string): unknown;
  /** A plain value; undefined where there is none of the name. */
  config(name: string): string | undefined;
  /** The names there are, for "did you mean". */
  names?(): readonly string[];
}

/** Why `${config:NAME}` gives no value where the stack keeps it as a secret: it would show in messages and in the state. */
export function secretAsPlain(name: string): Error {
  return new Error(`"${name}" is a secret of the stack; use \${secret:${name}}, which keeps it one`);
}

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

/**
 * Whether tokens, passwords and configurations would go through a network for all to read: `http://` to anything but this machine
 * (127.0.0.0/8, ::1, localhost and the names below it; those names never leave the machine, and no other name is looked up, because
 * its answer may be another at the next call). What is no address at all is none of these.
 */
export function isPlainHttp(address: string): boolean {
  const url = URL.parse(address.trim());
  return url?.protocol === "http:" && !isLoopback(url.hostname);
}

/** @param hostname as `URL` gives it: lower case, numbers as dotted quads, IPv6 in brackets */
export function isLoopback(hostname: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|([^.]+\.)*localhost)$/.test(hostname);
}

/** A bare host is fine: this machine is called by http, any other by https. null for what is no address. */
export function parseAddress(address: string): URL | null {
  const text = address.trim();
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return URL.parse(text);
  const isHere = isLoopback(URL.parse(`http://${text}`)?.hostname ?? "");
  return URL.parse(`${isHere ? "http" : "https"}://${text}`);
}

/** The setting that allows it, for a network that is its owner's alone. */
export const ALLOW_PLAIN_HTTP = "allowPlainHttp";

/** Why an address is refused. */
export const plainHttpMistake = `http:// shows credentials to everybody on the way; expected https://, or ${ALLOW_PLAIN_HTTP} set to true`;

/**
 * Called where credentials are attached to calls, so that no way to an Airbyte can do without it.
 *
 * @throws UserError where one of the addresses is refused
 */
export function refusePlainHttp(addresses: readonly (string | undefined)[], allowPlainHttp: unknown): void {
  if (String(allowPlainHttp) === "true") return;
  const plain = addresses.find((address) => address !== undefined && isPlainHttp(address));
  if (plain === undefined) return;
  const setting = `pulumi config set ${ALLOW_PLAIN_HTTP} true (of a profile: --path profiles.NAME.${ALLOW_PLAIN_HTTP})`;
  throw new UserError(`${new URL(plain).origin}: ${plainHttpMistake}.`, {
    next: `have it served by https://; in a network that is yours alone: ${setting}`,
  });
}
