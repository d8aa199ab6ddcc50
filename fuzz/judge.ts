import { markdownTable, whole } from "../bench/table.ts";

/** What a server has answered, and what its log says of it. */
export interface Answer {
  method: string;
  path: string;
  status: number;
  contentType: string;
  body: string;
  /** What the log has under the answer's id, which is all that an answer without a reason shows. */
  cause?: string | undefined;
}

const stackFrame = /^\s*at .+:\d+:\d+\)?$/m;

/** What is wrong with an answer; undefined where nothing is. */
export function judge({ method, path, status, contentType, body, cause }: Answer): string | undefined {
  if (stackFrame.test(body) || /\bat \S+ \(?file:\/\//.test(body)) return "the answer shows a stack trace";
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  const json = isEmpty ? null : parsed(body);
  if (json === undefined && !(path.split("?")[0]?.endsWith("/health") && status === 200)) {
    return `the answer (${status}, ${contentType || "no type"}) is not JSON`;
  }
  if (json !== undefined && !isEmpty && !contentType.startsWith("application/json"))
    return `JSON is sent as ${contentType}`;
  if (status < 500) return undefined;
  // Airbyte answers some calls with 500, and so does the embedded one. That is meant where it says why, here or in its log.
  if (cause !== undefined && stackFrame.test(cause)) return `nobody foresaw: ${cause.split("\n", 1)[0] ?? ""}`;
  if (cause === undefined && errorIdOf(body) !== undefined) return `${status}, of which the log says nothing`;
  return undefined;
}

/** The id that stands for the reason in Airbyte's shortest errors. */
export function errorIdOf(body: string): string | undefined {
  const json = parsed(body);
  const id = typeof json === "object" && json !== null ? (json as { errorId?: unknown }).errorId : undefined;
  return typeof id === "string" ? id : undefined;
}

/** What the server's log says under an id: what follows its line, up to the next line with a time. undefined: nothing yet. */
export function causeIn(log: string, id: string): string | undefined {
  const at = log.indexOf(`"errorId":"${id}"`);
  if (at < 0) return undefined;
  const [, ...rest] = log.slice(at).split("\n");
  const end = rest.findIndex((line) => /^\d{4}-\d\d-\d\dT/.test(line));
  const text = (end < 0 ? rest : rest.slice(0, end)).join("\n");
  return text === "" ? undefined : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A call that got an answer in which something is wrong. */
export interface Failure {
  what: string;
  method: string;
  path: string;
  /** The body that was sent. */
  sent: string;
}

/** What came of one part of a run. */
export interface Outcome {
  part: string;
  calls: number;
  operations: number;
  failures: Failure[];
  seconds: number;
  /** The time was over before the calls were. */
  cut: boolean;
  note: string;
}

export function tableOf(outcomes: Outcome[]): string {
  return markdownTable(outcomes, {
    part: ({ part }) => part,
    calls: ({ calls }) => whole(calls),
    operations: ({ operations }) => whole(operations),
    failures: ({ failures }) => whole(failures.length),
    seconds: ({ seconds, cut }) => `${whole(seconds)}${cut ? " (all it had)" : ""}`,
    "what came": ({ note }) => note,
  });
}
