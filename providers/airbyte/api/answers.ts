import type { AirbyteErrorParts } from "./errors.ts";

/** What came over the wire. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** What a failed answer says. Airbyte has three shapes of error body, and proxies have their own. */
export interface Refusal {
  message: string;
  errorId?: string;
  /** In the words of the framework that Airbyte is built on: Airbyte itself never saw the call. */
  byFramework?: boolean;
}

/**
 * Reads an error body: problem JSON (`title`, `detail`, `data.message`), `{message}`, `{errorId}`, or whatever a proxy
 * sends; and of what the framework below Airbyte refuses (`_links`, `_embedded`). The useful words stand in `data.message` (Airbyte's api-problems.yaml).
 */
export function readRefusal(status: number, text: string): Refusal {
  const body = parseJson(text);
  if (!isRecord(body)) {
    const plain = isHtml(text) ? htmlTitle(text) : text.trim().slice(0, 500);
    return { message: plain || `no explanation (HTTP ${status})` };
  }
  const data = isRecord(body.data) ? body.data : {};
  const missing = data.resourceId ? `${words(data.resourceType)} ${words(data.resourceId)}`.trim() : "";
  const parts = [words(body.title), words(data.message) || words(body.detail) || words(body.message)];
  if (missing) parts.push(missing);
  if (data.value !== undefined) parts.push(JSON.stringify(data.value));
  const message = [...new Set(parts.filter(Boolean))].join(": ");
  const errorId = words(body.errorId);
  return {
    message: message || "no explanation from the server",
    ...(errorId ? { errorId } : {}),
    ...(isRecord(body._links) && isRecord(body._embedded) ? { byFramework: true } : {}),
  };
}

/** The JSON value of a text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isHtml(text: string): boolean {
  return /^\s*<(!doctype|html|head|body)/i.test(text);
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

function htmlTitle(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim();
  return title ? `an HTML page titled "${title}"` : "an HTML page instead of JSON";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function words(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
