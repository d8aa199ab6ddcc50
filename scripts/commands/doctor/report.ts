// What the doctor says: the lines of its report, and what failed calls mean.
import { inWords, isUserError, nextStep } from "../../../errors/user-error.ts";
import type { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import type { Auth } from "../../../settings/existing.ts";
import { ALLOW_PLAIN_HTTP, isLoopback, isPlainHttp } from "../../../settings/values.ts";

/** What the doctor finds, step by step: one line each, and under the first failure of a kind what to do about it. */
export class Report {
  readonly failures: string[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  ok(step: string, found: string): void {
    this.#line("ok", step, found);
  }

  /** Worth knowing, and nothing wrong. */
  info(step: string, found: string): void {
    this.#line("info", step, found);
  }

  /** @param next what to do, in words; or the commands that do it, one line each */
  fail(step: string, found: string, next: string | readonly string[] = []): void {
    this.failures.push(step);
    this.#line("FAIL", step, found);
    for (const line of typeof next === "string" ? [nextStep(next)] : next) this.#line("", "", line);
  }

  /** Steps that make no sense after a failure, or not yet. */
  untried(steps: readonly string[], why: string): void {
    if (steps.length > 0) this.#line("-", steps.join(", "), why);
  }

  /** The last line; returns the exit code. */
  conclude(): number {
    if (this.failures.length === 0) this.#print("\nNothing is wrong.");
    else this.#print(`\nTo mend: ${this.failures.join(", ")}.`);
    return this.failures.length === 0 ? 0 : 1;
  }

  #line(mark: string, step: string, text: string): void {
    const [first = "", ...more] = text.split("\n");
    const lines = [`${mark.padEnd(5)} ${step.padEnd(13)} ${first}`, ...more.map((line) => `${" ".repeat(20)}${line}`)];
    for (const line of lines) this.#print(line.trimEnd());
  }
}

/** What a failed call means to somebody who is setting Airbyte up: what was found, and what to do. */
export interface Explanation {
  found: string;
  next: string;
}

/** What the words need to know of the address. */
export interface Address {
  /** Root of the API. */
  root: string;
  /** Whether the stack names a certificate authority of its own. */
  ownCa: boolean;
  signIn: SignIn;
}

/** How the stack signs in: as its settings say, or, at an Airbyte that it set up itself, with what is derived from its rootSecret. */
export type SignIn = Auth | "derived";

const REPAIR =
  "npm start, which brings up what is missing; to look inside, the commands in npm run pulumi -- stack output airbyteAccess";

const set = (setting: string) => `npm run pulumi -- config set ${setting}`;

/** No connection: nobody is there, or not at that address. */
export function explainUnreachable(
  { serverMessage, networkCode = "" }: AirbyteError,
  { root, signIn }: Address,
): Explanation {
  const { host, hostname } = new URL(root);
  if (signIn === "derived") return { found: `${host} can't be reached (${serverMessage})`, next: REPAIR };
  if (["ENOTFOUND", "EAI_AGAIN"].includes(networkCode)) {
    const next = `correct the address (${set("url ADDRESS")}), or this machine's network and name service`;
    return { found: `there is no host ${hostname}, says the name service (${serverMessage})`, next };
  }
  const next = `start Airbyte, or correct the address: ${set("url ADDRESS")}`;
  if (networkCode === "ECONNREFUSED") return { found: `nothing listens at ${host}: the server is down`, next };
  return { found: `${host} can't be reached (${serverMessage})`, next: `${next}; a firewall or VPN may be in between` };
}

/** The two sides could not agree on an encrypted connection. */
export function explainTls(
  { serverMessage, networkCode = "" }: AirbyteError,
  { root, ownCa, signIn }: Address,
): Explanation {
  const { host, hostname } = new URL(root);
  const refused = `the certificate of ${host} is refused`;
  if (signIn === "derived") return { found: `${refused} (${serverMessage})`, next: REPAIR };
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(networkCode)) {
    const plain = set(`url http://${host}`);
    const next = isLoopback(hostname)
      ? plain
      : `have it served by https, through a proxy with a certificate; in a network that is yours alone: ${set(`${ALLOW_PLAIN_HTTP} true`)}; ${plain}`;
    return { found: `${host} speaks plain http, not https`, next };
  }
  if (/EXPIRED|NOT_YET_VALID/.test(networkCode)) {
    return { found: `${refused}: it is out of date, or this machine's clock is wrong`, next: "renew the certificate" };
  }
  if (/ALTNAME|HOSTNAME_MISMATCH/.test(networkCode)) {
    const next = `use a name that the certificate holds: ${set("url ADDRESS")}`;
    return { found: `${refused}: it isn't made for ${hostname} (${serverMessage})`, next };
  }
  if (!/SELF_SIGNED|UNABLE_TO/.test(networkCode)) {
    const next = "look at the server's TLS settings, or at a proxy in between";
    return { found: `no encrypted connection to ${host} (${serverMessage})`, next };
  }
  const why = ownCa
    ? "it isn't signed by the authority in caCertificate"
    : "no authority that this machine knows signed it";
  const next = `give the certificate of the authority that signed it: ${set("caCertificate < ca.pem")}`;
  return { found: `${refused}: ${why}`, next };
}

/** A connection, and no whole answer. */
export function explainInterrupted({ serverMessage, limitMs }: AirbyteError, { root }: Address): Explanation {
  const { host, protocol } = new URL(root);
  if (limitMs !== undefined) {
    return { found: `${host} takes the connection and says nothing (${serverMessage})`, next: "look into its log" };
  }
  const perhaps = protocol === "http:" ? `it may want https: ${set(`url https://${host}`)}` : "look into its log";
  return { found: `${host} breaks off the connection (${serverMessage})`, next: perhaps };
}

/** Some server answered, and not as an Airbyte does. */
export function explainStranger({ status, serverMessage }: AirbyteError, { root }: Address): Explanation {
  const next = `give the address under which you open Airbyte in a browser: ${set("url ADDRESS")}`;
  return { found: `something else than Airbyte answers at ${root} (${status ?? ""}: ${serverMessage})`, next };
}

/** The server sends us to another address, which is not followed: a token would go there too. */
export function explainRedirect({ serverMessage, target = "" }: AirbyteError, { root }: Address): Explanation {
  const better = URL.parse(target, root)?.href.replace(/\/(api\/public\/)?v1\/.*$/, "");
  const next =
    better !== undefined && isPlainHttp(better)
      ? "give the address under which Airbyte is served by https; this one leads to plain http"
      : `if you trust it, use that address: ${set(`url ${better ?? "ADDRESS"}`)}`;
  return { found: `${new URL(root).origin} ${serverMessage}`, next };
}

/** Airbyte doesn't take what the stack signs in with. */
export function explainCredentials({ status, serverMessage }: AirbyteError, signIn: SignIn): Explanation {
  const answer = `(${status ?? ""}: ${serverMessage})`;
  const change = "or sign in another way: auth is application, bearer, basic or none";
  switch (signIn) {
    case "derived":
      return {
        found: `Airbyte refuses the credentials that come from rootSecret and credentials.api ${answer}`,
        next: "put back the values of the last npm start; credentials.api goes one up at a time",
      };
    case "application":
      return {
        found: `Airbyte refuses clientId and clientSecret ${answer}`,
        next: `take them from Airbyte (Settings > Applications): ${set("clientId ID")}; ${set("--secret clientSecret")}`,
      };
    case "bearer":
      return {
        found: `Airbyte refuses bearerToken ${answer}; a token lives some minutes only`,
        next: `${set("--secret bearerToken")}, ${change}`,
      };
    case "basic":
      return {
        found: `basicUsername and basicPassword are refused ${answer}`,
        next: `${set("basicUsername NAME")}; ${set("--secret basicPassword")}; ${change}`,
      };
    case "none":
      return { found: `this Airbyte wants to know who asks ${answer}`, next: `${set("auth application")}, ${change}` };
  }
}

/** Everything else, in the provider's own words. */
export function explainOther(error: unknown): Explanation {
  const next = "look into the server's log";
  if (!isUserError(error)) return { found: error instanceof Error ? error.message : String(error), next };
  return { found: inWords(error.summary, { place: error.place }), next: error.next ?? next };
}
