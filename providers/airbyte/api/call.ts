import type { z } from "zod";
import type { AirbyteError, AirbyteErrorParts } from "./errors.ts";
import type { InFlight } from "./in-flight.ts";
import type { Redactor } from "./redact.ts";

/** Where an Airbyte is and how to get in. */
export interface ClientOptions {
  /** API root without a final slash. */
  root: string;
  /** Root of the older config API of the same server, where there is one. */
  configRoot?: string | undefined;
  /** An application, for short-lived tokens. */
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** The application before a rotation: tried when the server refuses the new one, which it may not have yet. */
  previous?: { clientId: string; clientSecret: string } | undefined;
  /** Where tokens are fetched. @default `/applications/token` of the API */
  tokenUrl?: string | undefined;
  /** How the token call is encoded; some guides' gateways want a form. @default json */
  tokenBody?: "json" | "form" | undefined;
  /** In place of an application: a token that somebody else renews. */
  bearerToken?: string | undefined;
  /** In place of an application: Basic authentication, as the proxy of old Airbytes asks for it. */
  basicUsername?: string | undefined;
  basicPassword?: string | undefined;
  /** Awaited each time before the application's secret is sent: throws where it isn't the server that it is meant for. */
  prove?: (() => Promise<unknown>) | undefined;
  /** Shows a line to the person who waits. */
  tell?: ((line: string) => void) | undefined;
  /** Secrets that an answer may quote although the call doesn't hold them, such as a source's in a connection's error. */
  secrets?: Redactor | undefined;
  /** Milliseconds that a call may take. @default `WAIT.call.defaultMs` */
  requestTimeoutMs?: number | undefined;
  /** What the process has under way; without it, the client's own. */
  inFlight?: InFlight | undefined;
  /** PEM of the only CA that is trusted for this server; without it, the system's. */
  caCertificate?: string | undefined;
  /** Lets `http://` lead beyond this machine; as a setting it may be text. @default false: such an address is refused */
  allowPlainHttp?: boolean | "true" | "false" | undefined;
}

/** One call of the API. */
export interface Call<T> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the API root, with its leading slash. */
  path: string;
  /** Which API; `config` is the older one. @default public */
  api?: "public" | "config";
  /** In place of root and path: the whole address. */
  url?: string | undefined;
  /** It gets the token for another call, which isn't sent where this one fails. */
  forToken?: boolean;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Beside those that every call has. */
  headers?: Record<string, string>;
  /** Shape of the answer; left out where there is none worth reading. */
  schema?: z.ZodType<T>;
  /** Sends the body as a form. */
  form?: boolean;
  /** A POST that only asks: it may be sent again like a GET. */
  repeatable?: boolean;
  /** For error messages: `create source "crm"`. */
  doing?: string;
  /** Milliseconds that it is given at least: Airbyte has much to do for it. */
  atLeastMs?: number;
  /** Airbyte runs a connector for it: that takes minutes, and what fails is mostly the connector. */
  runsConnector?: boolean;
  /** Milliseconds that it is given, whatever the client's limit is. */
  timeoutMs?: number;
}

/** What came over the wire. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends a call: one of the functions that make up a client, each around the next. */
export type Send = (call: Call<unknown>, authorization?: string) => Promise<Answer>;

/** Makes the error of a call that failed. */
export type Fail = (
  call: Call<unknown>,
  what: Omit<AirbyteErrorParts, "call" | "doing" | "beforeSending">,
) => AirbyteError;

/** The one value of a header. */
export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

const FORM = "application/x-www-form-urlencoded";

export function contentType({ form }: Pick<Call<unknown>, "form">): string {
  return form ? FORM : "application/json";
}

export function encode<T>({ body, form }: Call<T>): string | null {
  if (body === undefined) return null;
  return form ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body);
}
