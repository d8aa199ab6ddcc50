import { stripVTControlCharacters } from "node:util";
import type { Comment, Place } from "./place.ts";

/** GitHub takes 65,536 characters, GitLab more. The end has what is deleted, and the counts. */
const kept = { head: 36_000, tail: 24_000 };

/** The comment for a stack: its first line, which nobody sees, is how the next run finds it. */
export function words(stack: string, printed: string): string {
  const text = stripVTControlCharacters(printed).trim();
  const isCut = text.length > kept.head + kept.tail;
  const cut = `\n\n… left out here …\n\n`;
  const shown = isCut ? text.slice(0, kept.head) + cut + text.slice(-kept.tail) : text;
  const note = isCut ? "It is too long for a comment: what is left out in the middle stands in the job's log.\n\n" : "";
  const longestRun = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return `${mark(stack)}\n**Preview of the stack \`${stack}\`**\n\n${note}${fence}text\n${shown}\n${fence}\n`;
}

/** Changes the stack's comment, or adds it where there is none. */
export async function keepOne(place: Place, body: string): Promise<{ isNew: boolean } | { refused: string }> {
  const [first = ""] = body.split("\n");
  try {
    const old = await find(place, first);
    await call(
      place,
      old === undefined ? "POST" : place.method,
      old === undefined ? place.comments : place.comment(old),
      body,
    );
    return { isNew: old === undefined };
  } catch (error) {
    const { message, cause } = error as Error; // fetch says why in its cause only
    const reason = cause instanceof Error ? `${message} (${cause.message})` : message;
    return { refused: `The comment on the ${place.name} could not be written: ${reason}` };
  }
}

function mark(stack: string): string {
  return `<!-- airbyte-on-pulumi: ${stack} -->`;
}

async function find(place: Place, firstLine: string): Promise<number | undefined> {
  const isOwn = place.ownComments(place.whoAmI === undefined ? undefined : await call(place, "GET", place.whoAmI));
  const size = 100;
  for (let page = 1; ; page++) {
    const comments = (await call(place, "GET", `${place.comments}?per_page=${size}&page=${page}`)) as Comment[];
    const found = comments.find((one) => one.body.startsWith(firstLine) && isOwn(one));
    if (found || comments.length < size) return found?.id;
  }
}

async function call(place: Place, method: string, url: string, body?: string): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { ...place.headers, ...(body !== undefined && { "content-type": "application/json" }) },
    redirect: "error", // the token is for this server alone
    ...(body !== undefined && { body: JSON.stringify({ body }) }),
  });
  if (response.ok) return response.json();
  const hint = [401, 403].includes(response.status) ? "; may the token write comments?" : "";
  throw new Error(`${method} ${url} was answered with ${response.status}${hint}`);
}
