import { UserError } from "../errors/user-error.ts";

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
