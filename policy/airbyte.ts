import type { Resource } from "./resource.ts";

const actors = ["pulumi-nodejs:dynamic/airbyte:Source", "pulumi-nodejs:dynamic/airbyte:Destination"];

const secretKey =
  /passw(or)?d|passphrase|pwd|secret|token|api_?key|(private|access|account|sas|shared|encryption|host|ssh)_?key|credential|service_account|connection_string/i;
/** Keys that only speak about a secret: where it is had, of which kind it is, when it ends. */
const aboutSecret =
  /(url|uri|endpoint|host|type|method|mode|strategy|title|name|expir\w*|date|path|prefix|length|field)$/i;

const secretValue = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /"private_key"\s*:/, // a service account's file
  /^(AKIA|ASIA)[A-Z0-9]{16}$/,
  /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/, // a JSON Web Token
  /^(gh[pousr]_|github_pat_|glpat-|xox[abposr]-|sk_live_|rk_live_|sk-)[\w-]{8,}/,
  /^[a-z][\w+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i, // an address with a password in it
];

/** Whether a value of a connector's configuration looks like a secret, by its key or by itself. */
export function looksSecret(key: string, value: string): boolean {
  // Empty, Airbyte's mask, and the marker for "keep what Airbyte has" say nothing.
  if (value === "" || /^\*+$/.test(value) || value === "${stored}") return false;
  return (secretKey.test(key) && !aboutSecret.test(key)) || secretValue.some((pattern) => pattern.test(value));
}

/** How secrets are told from plain values, and made. */
export interface Sealing {
  isSecret(value: unknown): boolean;
  seal(value: string): unknown;
}

/**
 * Makes secrets of the plain values that look like secrets in a source's or a destination's configuration.
 *
 * @returns the inputs with these values sealed, and their paths; undefined where there are none
 */
export function sealSecrets(
  { type, props }: Pick<Resource, "type" | "props">,
  sealing: Sealing,
): { props: Record<string, unknown>; paths: string[] } | undefined {
  if (!actors.includes(type)) return undefined;
  const paths: string[] = [];
  const configuration = walk(props.configuration, "configuration", "", sealing, paths);
  return paths.length > 0 ? { props: { ...props, configuration }, paths } : undefined;
}

function walk(value: unknown, path: string, key: string, sealing: Sealing, paths: string[]): unknown {
  if (sealing.isSecret(value)) return value;
  if (typeof value === "string") {
    if (!looksSecret(key, value)) return value;
    paths.push(path);
    return sealing.seal(value);
  }
  if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}[${index}]`, key, sealing, paths));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, walk(inner, `${path}.${name}`, name, sealing, paths)] as const),
  );
}
