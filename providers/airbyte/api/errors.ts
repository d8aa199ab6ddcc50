import { UserError } from "../../../errors/user-error.ts";
import { longerThan } from "./waits.ts";

/** What a call met; callers decide by this, never by the text of a message. */
export type AirbyteErrorCode =
  | "unreachable" // no connection was made: the server never saw the request
  | "tls" // the server's certificate was refused: the server never saw the request
  | "interrupted" // the connection broke, or the time was up: the server may have done its work
  | "credentials" // the token call was refused, or a fresh token was
  | "redirect" // an answer that points elsewhere; never followed, so that no token reaches another host
  | "notAirbyte" // an answer that is not Airbyte's
  | "refused"; // an HTTP status of 400 or more from Airbyte itself

/** What happened, in the parts that a message is made of. */
export interface AirbyteErrorParts {
  code: AirbyteErrorCode;
  /** The call, e.g. `POST /sources`. */
  call: string;
  /** What the program was doing, e.g. `create source "crm"`. */
  doing?: string | undefined;
  /** HTTP status, where there was an answer. */
  status?: number | undefined;
  /** The server's own words, or those of the network, secrets already blanked. */
  message: string;
  /** Airbyte's id of the error in the server's log. */
  errorId?: string | undefined;
  /** Airbyte's own name of the refusal, e.g. `error:connection/locked`. */
  type?: string | undefined;
  /** Airbyte was to run a connector. */
  runsConnector?: boolean | undefined;
  /** The refusal is that of the framework below Airbyte, which has the same one (403) for a missing right and a call that doesn't exist. */
  byFramework?: boolean | undefined;
  /** What to do, where more is known than the status tells. */
  next?: string | undefined;
  /** It failed before the call itself was sent: at the token. */
  beforeSending?: boolean | undefined;
  /** The time was up: milliseconds that the call was given. */
  limitMs?: number | undefined;
  /** The network's, OpenSSL's or undici's own code, e.g. `ECONNREFUSED`. */
  networkCode?: string | undefined;
  /** Where a redirect points to, as the server wrote it. */
  target?: string | undefined;
}

/** The one error of the Airbyte client: which resource, which call, which status, the server's own words, the next step. */
export class AirbyteError extends UserError {
  override readonly name = "AirbyteError";
  declare readonly code: AirbyteErrorCode;
  readonly call: string;
  readonly status: number | undefined;
  readonly errorId: string | undefined;
  readonly byFramework: boolean;
  readonly beforeSending: boolean;
  /** Milliseconds that the call was given, where its time was up. */
  readonly limitMs: number | undefined;
  /** The network's, OpenSSL's or undici's own code, e.g. `ECONNREFUSED`, where there was no whole answer. */
  readonly networkCode: string | undefined;
  /** Where a redirect points to, as the server wrote it. */
  readonly target: string | undefined;
  /** The server's own words. */
  readonly serverMessage: string;

  constructor(parts: AirbyteErrorParts) {
    const status = parts.status === undefined ? "" : ` answered ${parts.status}`;
    const errorId = parts.errorId === undefined ? "" : ` (errorId ${parts.errorId}, see the server's log)`;
    const opening = parts.doing === undefined ? "" : `Could not ${parts.doing}: `;
    super(`${opening}${parts.call}${status}: ${parts.message}${errorId}`, {
      code: parts.code,
      next: parts.next ?? nextStep(parts),
    });
    this.call = parts.call;
    this.status = parts.status;
    this.errorId = parts.errorId;
    this.byFramework = parts.byFramework ?? false;
    this.beforeSending = parts.beforeSending ?? false;
    this.limitMs = parts.limitMs;
    this.networkCode = parts.networkCode;
    this.target = parts.target;
    this.serverMessage = parts.message;
  }

  /** True for a failure inside the server of which it tells nothing but an id: some of its calls answer so for what isn't there. */
  get isWithoutReason(): boolean {
    return this.code === "refused" && this.status === 500 && this.errorId !== undefined;
  }

  /** True when the object may have been written although no answer said so. */
  get mayHaveHappened(): boolean {
    if (this.beforeSending) return false;
    return this.code === "interrupted" || this.code === "notAirbyte" || (this.status ?? 0) >= 500;
  }
}

function nextStep(parts: AirbyteErrorParts): string {
  switch (parts.code) {
    case "unreachable":
      return "check that Airbyte runs and that the address in the stack's configuration (url) is right.";
    case "tls":
      return "set the CA that signed the server's certificate (caCertificate), or mend the certificate or the host name.";
    case "interrupted":
      return parts.limitMs === undefined ? AGAIN : `${moreTime(parts.limitMs)}, then ${AGAIN}`;
    case "credentials":
      return "check clientId and clientSecret: pulumi config set --secret clientSecret (Airbyte: Settings > Applications).";
    case "redirect":
      return "set url to the address that the server names, if you trust it.";
    case "notAirbyte":
      return "check that the address (url) is Airbyte's own and that no proxy answers in its place.";
    case "refused":
      return nextStepByStatus(parts);
  }
}

const AGAIN = "run the command again: what the lost answer was about is looked up first, nothing is made twice.";

function moreTime(limitMs: number): string {
  return (
    `see what keeps Airbyte busy, or give its calls more time by pulumi config set ${longerThan(limitMs)} ` +
    "(refresh and destroy know it after the next `up`, or with --run-program)"
  );
}

function nextStepByStatus({ status = 0, type, runsConnector, byFramework }: AirbyteErrorParts): string {
  if (status === 403 && byFramework)
    return "check that the application's user may do this; a server that doesn't have this call answers so, too: then update Airbyte.";
  if (status === 403) return "check that the application's user may do this in this workspace, and that the id exists.";
  if (status === 404) return "it may have been deleted by hand: `pulumi refresh` brings the state up to date.";
  if (type === "error:connection/locked") return "the connection is locked by Airbyte; unlock it there first.";
  if (status === 409) return "wait until what is under way in Airbyte has ended, then run the command again.";
  if (status === 413)
    return "the request is larger than the server takes (Airbyte: 10 MB); declare fewer streams at once.";
  if (status === 429) return "the server limits requests; run the command again a little later.";
  if (status >= 500 && runsConnector) {
    return "mend what the connector complains of: its configuration, its manifest or the system behind it; where it says nothing, look into the server's log. Then run the command again.";
  }
  if (status >= 500) return "look into the server's log, then run the command again; nothing is made twice.";
  return "correct the declaration and run the command again.";
}
