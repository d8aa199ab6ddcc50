import { randomUUID } from "node:crypto";
import type { FailureType } from "./state.ts";

/** That of a connector. */
interface Failed {
  message: string;
  failureType: FailureType;
}

/** A failure with the answer that it gets. */
export abstract class AnsweredError extends Error {
  readonly status: number;
  readonly body: object;

  constructor(message: string, status: number, body: object) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/**
 * Airbyte's problem JSON: `{type, title, status, detail, data?}`, sent as `application/json` (not `problem+json`).
 * What a person can use is in `data.message`.
 */
export class Problem extends AnsweredError {
  readonly title: string;
  readonly type: string;
  /** The sentence for people. */
  readonly text: string;

  constructor(
    status: number,
    title: string,
    detail: string,
    data?: { message?: string } & Record<string, unknown>,
    type = title.startsWith("error:") ? title : `https://reference.airbyte.com/reference/errors#${title}`,
  ) {
    const body = { type, title, status, detail, documentationUrl: null, ...(data ? { data } : {}) };
    super(`${title}: ${JSON.stringify(data ?? detail)}`, status, body);
    this.title = title;
    this.type = type;
    this.text = data?.message ?? detail;
  }
}

/**
 * Airbyte's other error shape: nothing but an id, the cause being in the server's log. It comes from bean validation
 * (400), unreadable JSON (422), bad client credentials (401) and uncaught exceptions (500).
 */
export class OpaqueError extends AnsweredError {
  constructor(status: number, cause: string) {
    super(cause, status, { errorId: randomUUID() });
  }
}

/** The config API's shape for a failure that it expected: the reason alone. (Airbyte adds Java's class and stack.) */
export class KnownError extends AnsweredError {
  constructor(status: number, message: string) {
    super(message, status, { message });
  }
}

/** What the framework under Airbyte answers before Airbyte itself sees the call. */
export class FrameworkError extends AnsweredError {
  constructor(status: number, message: string, path: string) {
    const _links = { self: { href: path, templated: false } };
    super(message, status, { message, _links, _embedded: { errors: [{ message, _links: {}, _embedded: {} }] } });
  }
}

export const badRequest = (message: string) =>
  new Problem(400, "bad-request", "The request could not be understood or was invalid.", { message });

export const valueNotFound = (value: string) =>
  new Problem(400, "value-not-found", "Submitted value could not be found.", { value });

export const invalidToken = () =>
  new Problem(401, "invalid-api-key", "The access token is missing, has expired, or was not issued by this server.");

export const forbidden = (message: string) => new Problem(403, "forbidden", "The request is not allowed.", { message });

export const notFound = (resourceType: string, resourceId: string) =>
  new Problem(404, "resource-not-found", "The requested resource could not be found.", { resourceType, resourceId });

export const stateConflict = (message: string) =>
  new Problem(409, "state-conflict", "The request conflicts with the current state of the resource.", { message });

export const tryAgainLater = (message: string) =>
  new Problem(409, "try-again-later", "Wait a bit and try again.", { message });

export const tooLarge = (message: string) =>
  new Problem(413, "request-entity-too-large", "The request is too large.", { message });

export const syncIsRunning = (message: string) =>
  new Problem(423, "sync-is-running", "The connection cannot be changed while a sync runs.", { message });

export const unprocessable = (message: string) =>
  new Problem(422, "unprocessable-entity", "The body of the request was not understood.", { message });

export const unexpected = (message?: string, { cause, ...more }: { failureType?: string; cause?: unknown } = {}) => {
  const data = message ? { message, ...more } : undefined;
  const problem = new Problem(500, "unexpected-problem", "An unexpected problem has occurred.", data);
  problem.cause = cause;
  return problem;
};

/** A status after which clients repeat any call: this one has done nothing. */
const askAgain = 429;

/** What a connector's failure is in the public API, where it isn't the result of a check or a discovery. */
export const connectorFailed = ({ message, failureType }: Failed) =>
  failureType === "transient_error"
    ? new Problem(askAgain, "try-again-later", "Wait a bit and try again.", { message })
    : unexpected(message, { failureType });

/** And in the config API. */
export const connectorFailedHere = ({ message, failureType }: Failed) =>
  new KnownError(failureType === "transient_error" ? askAgain : 500, message);

export const notImplemented = (message: string) =>
  new Problem(501, "api-not-implemented", "This API is not implemented here.", { message });

/** Where Airbyte answers for what isn't there with 500 and an id, as for a failure of its own. */
export function withoutReason<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw error instanceof Problem && error.status === 404 ? new OpaqueError(500, error.message) : error;
  }
}
