import type { CheckResult, ConnectorError, FailureType } from "../connector.ts";

/** What went wrong in a connector, in its own words: the message is for people, secrets are masked. */
export class ConnectorFailure extends Error {
  /** `config_error`: the configuration has to be mended. */
  readonly failureType: FailureType;
  /** What the connector adds for its developers. */
  readonly internalMessage: string | undefined;

  /** What a TRACE of the connector says. */
  static of(error: ConnectorError): ConnectorFailure {
    return new ConnectorFailure(error.message, error.failureType, error.internalMessage);
  }

  constructor(message: string, failureType: FailureType = "system_error", internalMessage?: string) {
    super(message);
    this.failureType = failureType;
    this.internalMessage = internalMessage;
  }
}

/** A failure as what a connection test has found; throws again what is none. */
export function failedCheck(error: unknown): CheckResult {
  if (!(error instanceof ConnectorFailure)) throw error;
  return { status: "failed", message: error.message, failureType: error.failureType };
}
