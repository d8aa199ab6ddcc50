import { SETUP_HEADER } from "../../credentials/credentials.ts";
import { NODE_PORT } from "./chart-values.ts";

/** Files of the gateway's container. */
export const gatewayFiles = {
  config: "/etc/caddy/Caddyfile",
  certificate: "/etc/caddy/server.crt",
  key: "/etc/caddy/server.key",
} as const;

type GatewaySettings = {
  /** What a caller of Airbyte's set-up must know (header `SETUP_HEADER`). */
  setupKey: string;
  /**
   * Tells browsers to come by https:// alone for a year, to whatever port of this host. Not for localhost, where other servers listen.
   */
  alwaysTls: boolean;
} & (
  | { mode: "ca" | "provided" }
  | {
      mode: "acme";
      /** Name that Let's Encrypt certifies; it must lead to this machine. */
      domain: string;
      /** Where Let's Encrypt writes to when a certificate is about to expire. */
      email: string;
    }
);

/** In seconds. */
const YEAR = 31_536_000;

/**
 * Configuration of Caddy, which is all that can be reached from outside: TLS, and behind it Airbyte's server by its node's name, which
 * leads to the node's own address in the network that the two containers share.
 */
export function caddyfile(settings: GatewaySettings): string {
  const options = settings.mode === "acme" ? acmeOptions(settings.email) : ["auto_https off"];
  const address = settings.mode === "acme" ? settings.domain : ":443";
  const tls = settings.mode === "acme" ? [] : [`tls ${gatewayFiles.certificate} ${gatewayFiles.key}`];
  const site = [
    ...tls,
    ...(settings.alwaysTls ? block("header ", [`Strict-Transport-Security "max-age=${YEAR}"`, "defer"]) : []),
    ...guardedSetup(settings.setupKey),
    `reverse_proxy airbyte:${NODE_PORT}`,
  ];
  return [...block("", ["admin off", ...options]), ...block(`${address} `, site), ""].join("\n");
}

/**
 * Whatever a server may read as `/instance_configuration/setup`. Caddy matches the decoded path, cleaned of dots and doubled slashes; a
 * server in Java also leaves out what comes after `;` in a step, and one that decodes a second time would find what is still encoded.
 */
const setupInAnySpelling = "(?is)instance_configuration.*setup|%[0-9a-f]{2}";

/**
 * Airbyte leaves its set-up open to everybody for ever, and a second one gives the admin another e-mail address: whoever reaches the
 * server could shut its owner out.
 */
function guardedSetup(key: string): string[] {
  const unknown = [`path_regexp "${setupInAnySpelling}"`, `not header ${SETUP_HEADER} ${key}`];
  return [...block("@unknown ", unknown), 'respond @unknown "The set-up is done by Pulumi" 403'];
}

// Without redirects nothing listens on port 80 but, while Let's Encrypt asks, Caddy's answer to its challenge.
function acmeOptions(email: string): string[] {
  return [`email ${email}`, "auto_https disable_redirects"];
}

function block(head: string, lines: string[]): string[] {
  return [`${head}{`, ...lines.map((line) => `\t${line}`), "}"];
}
