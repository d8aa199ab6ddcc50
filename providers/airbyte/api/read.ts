import { single, type Answer, type Call, type Fail } from "./call.ts";
import type { AirbyteError } from "./errors.ts";

/** What a successful answer says, in the shape that the call wants. */
export function readAnswer<T>(call: Call<T>, { status, text }: Answer, fail: Fail): T {
  const notAirbyte = (message: string) => fail(call, { code: "notAirbyte", status, message });
  // A proxy's login page is no answer to a deletion either.
  if (isHtml(text)) throw notAirbyte(readRefusal(status, text).message);
  if (!call.schema) return undefined as T;
  const parsed = call.schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw notAirbyte(`the answer is not Airbyte's: ${issues.join("; ")}`);
}

/** The error that any other answer is. */
export function refusalOf(call: Call<unknown>, { status, headers, text }: Answer, fail: Fail): AirbyteError {
  if (status < 400) {
    const target = single(headers.location);
    const message = `points to ${target ?? "another address"}, which is not followed`;
    return fail(call, { code: "redirect", status, message, target });
  }
  // Which status a wrong client id gets depends on the server's edition (401, 400 or 500).
  const badCredentials = status === 401 || (call.forToken === true && [400, 403, 500].includes(status));
  // A 404 that isn't Airbyte's own comes from a wrong address: it must never read as "the object is deleted".
  const refusal = readRefusal(status, text);
  const noObject = status === 404 && (refusal.byFramework === true || typeof parseJson(text) !== "object");
  const foreign = status < 500 && (isHtml(text) || noObject);
  const code = badCredentials ? "credentials" : foreign ? "notAirbyte" : "refused";
  return fail(call, { code, status, ...refusal });
}

/** What a failed answer says. Airbyte has three shapes of error body, and proxies have their own. */
interface Refusal {
  message: string;
  errorId?: string;
  /** Airbyte's own name of the refusal, e.g. `error:connection/locked`. */
  type?: string;
  /** In the words of the framework that Airbyte is built on: Airbyte itself never saw the call. */
  byFramework?: boolean;
}

/**
 * Reads an error body: problem JSON (`title`, `detail`, `data.message`), `{message}`, `{errorId}`, or whatever a proxy
 * sends; and of what the framework below Airbyte refuses (`_links`, `_embedded`). The useful words stand in `data.message` (Airbyte's api-problems.yaml).
 */
function readRefusal(status: number, text: string): Refusal {
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
  parts.push(...refusedMappers(data.errors));
  const message = [...new Set(parts.filter(Boolean))].join(": ");
  const [errorId, type] = [words(body.errorId), words(body.type)];
  return {
    message: message || "no explanation from the server",
    ...(errorId ? { errorId } : {}),
    ...(type ? { type } : {}),
    ...(isRecord(body._links) && isRecord(body._embedded) ? { byFramework: true } : {}),
  };
}

/** Of mappers (`error:mapper-validation`) the reason stands in a list; what each was configured with may be a key. */
function refusedMappers(errors: unknown): string[] {
  return (Array.isArray(errors) ? errors.filter(isRecord) : []).map(({ stream, error, mapper }) => {
    const type = isRecord(mapper) ? ` for its mapper ${words(mapper.type)}` : "";
    return `stream ${JSON.stringify(words(stream))}${type}: ${words(error)}`;
  });
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
