import { Agent, request } from "undici";
import { contentType, encode, single, type Call, type ClientOptions, type Fail, type Send } from "./call.ts";
import type { AirbyteErrorParts } from "./errors.ts";
import { InFlight } from "./in-flight.ts";
import { WAIT } from "./waits.ts";

/** The way to one server: own CA, time limits, what is under way, and the server's clock. */
export interface Wire {
  send: Send;
  /** The server's clock in epoch milliseconds, as its last answer's Date header showed it (whole seconds). */
  serverTime(this: void): number;
  close(this: void): Promise<void>;
}

/** @param urlOf where a call goes; its query is added */
export function wireTo(options: ClientOptions, urlOf: (call: Call<unknown>) => string, fail: Fail): Wire {
  const { caCertificate, inFlight = new InFlight(), requestTimeoutMs = WAIT.call.defaultMs } = options;
  const dispatcher = new Agent({
    connections: 16,
    connect: { timeout: WAIT.connectMs, ...(caCertificate ? { ca: caCertificate } : {}) },
  });
  let clockOffsetMs = 0;

  const exchange = async (call: Call<unknown>, authorization: string | undefined, limitMs: number) => {
    const response = await request(urlOf(call), {
      method: call.method,
      dispatcher,
      // One limit for the whole call, in place of undici's own for its parts.
      headersTimeout: 0,
      bodyTimeout: 0,
      signal: AbortSignal.timeout(limitMs),
      ...(call.query ? { query: definedOnly(call.query) } : {}),
      headers: {
        accept: "application/json",
        "user-agent": "airbyte-on-pulumi",
        ...(call.body === undefined ? {} : { "content-type": contentType(call) }),
        ...(authorization === undefined ? {} : { authorization }),
        ...call.headers,
      },
      body: encode(call),
    });
    const answer = { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    const time = Date.parse(single(answer.headers.date) ?? "");
    if (!Number.isNaN(time)) clockOffsetMs = time - Date.now();
    return answer;
  };

  return {
    serverTime: () => Date.now() + clockOffsetMs,
    close: () => dispatcher.close(),
    async send(call, authorization) {
      const limitMs = call.timeoutMs ?? Math.max(requestTimeoutMs, atLeastMs(call));
      try {
        inFlight.assertOpen();
        return await inFlight.during(() => exchange(call, authorization, limitMs));
      } catch (error) {
        const timedOut = error instanceof Error && error.name === "TimeoutError";
        const message = `no answer within ${limitMs / 1000} s`;
        throw fail(call, timedOut ? { code: "interrupted", message, limitMs } : readNetworkError(error));
      }
    },
  };
}

function atLeastMs({ runsConnector, atLeastMs = 0 }: Call<unknown>): number {
  return runsConnector ? WAIT.call.runsConnectorMs : atLeastMs;
}

function definedOnly(query: NonNullable<Call<unknown>["query"]>): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(query).filter((entry) => entry[1] !== undefined)) as Record<string, string>;
}

/** The network's error as Node's and undici's codes tell it. */
export function readNetworkError(error: unknown): Pick<AirbyteErrorParts, "code" | "message" | "networkCode"> {
  const cause = rootCause(error);
  const { code: networkCode = "" } = cause;
  const message = [networkCode, cause.message].filter(Boolean).join(": ") || String(error);
  const code = NEVER_CONNECTED.has(networkCode) ? "unreachable" : TLS.test(networkCode) ? "tls" : "interrupted";
  return { code, message, networkCode };
}

const NEVER_CONNECTED = new Set(
  "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH EHOSTDOWN UND_ERR_CONNECT_TIMEOUT".split(" "),
);
// Node's and OpenSSL's; of EPROTO only an encrypted connection dies.
const TLS = /CERT|SELF_SIGNED|UNABLE_TO_|TLS_|SSL|HOSTNAME_MISMATCH|^EPROTO$/;

// undici wraps the system's error, and a host with several addresses fails with an AggregateError.
function rootCause(error: unknown): { code?: string; message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return rootCause(error.cause);
  if (error instanceof Error) return error;
  return { message: String(error) };
}
