import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { UserError } from "../../errors/user-error.ts";
import type { Call } from "./command.ts";

/** Puts what a preview printed on the pull request that this run is for; resolves with the exit code. */
export async function writeComment({ stack, args: [file = ""], env }: Call): Promise<number> {
  const { place, missing } = pullRequest(env);
  if (missing !== undefined) throw new UserError(missing);
  const done = await keepOne(place, words(stack, read(file)));
  if ("refused" in done) throw new UserError(done.refused);
  console.log(`The comment on the ${place.name} is ${done.isNew ? "there" : "up to date"}.`);
  return 0;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UserError(`${file} can't be read; it should hold what a preview printed.`);
  }
}

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

export interface Comment {
  id: number;
  body: string;
  /** GitHub's. */
  user?: { type: string };
  author_association?: string;
  /** GitLab's. */
  author?: { id: number };
}

/** A pull or merge request, as its server's API has it. */
interface Place {
  /** In a sentence. */
  name: string;
  /** Where its comments are listed and added. */
  comments: string;
  /** Where one of them is changed, and how. */
  comment(this: void, id: number): string;
  method: "PATCH" | "PUT";
  /** Where the API says whose token it is, if it does. */
  whoAmI?: string;
  /** Which comments may be this project's: anybody can write its first line, and would own what reviewers read. */
  ownComments(this: void, me: unknown): (comment: Comment) => boolean;
  headers: Record<string, string>;
}

type Env = Record<string, string | undefined>;

/** The pull request that a run of GitHub Actions or GitLab CI is for, or what is missing. */
export function pullRequest(env: Env): { place: Place; missing?: never } | { place?: never; missing: string } {
  if (env.GITHUB_ACTIONS === "true") return onGitHub(env);
  if (env.GITLAB_CI === "true") return onGitLab(env);
  return {
    missing: "npm run comment works inside GitHub Actions and GitLab CI only; docs/ci.md has recipes for both.",
  };
}

function onGitHub({ GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_REF: ref, GITHUB_TOKEN: token }: Env) {
  const number = /^refs\/pull\/(\d+)\//.exec(ref ?? "")?.[1];
  if (number === undefined) return { missing: `This run is for ${ref ?? "no ref"}, and not for a pull request.` };
  if (!token)
    return { missing: "GITHUB_TOKEN is not set: give the step `env: { GITHUB_TOKEN: ${{ github.token }} }`." };
  const issues = `${api ?? "https://api.github.com"}/repos/${repository ?? ""}/issues`;
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "x-github-api-version": "2022-11-28",
  };
  const comment = (id: number) => `${issues}/comments/${id}`;
  const place: Place = {
    name: "pull request",
    comments: `${issues}/${number}/comments`,
    comment,
    method: "PATCH",
    // A token of a job can't ask who it is: so of bots, and of those who may write to the repository anyway.
    ownComments:
      () =>
      ({ user, author_association: role = "" }) =>
        user?.type === "Bot" || ["OWNER", "MEMBER", "COLLABORATOR"].includes(role),
    headers,
  };
  return { place };
}

function onGitLab({
  CI_API_V4_URL: api,
  CI_PROJECT_ID: project,
  CI_MERGE_REQUEST_IID: iid,
  COMMENT_TOKEN: token,
}: Env) {
  if (iid === undefined) return { missing: "This job is not part of a merge request's pipeline." };
  if (!token)
    return { missing: "COMMENT_TOKEN is not set: a project access token with the scope api, as docs/ci.md says." };
  const comments = `${api ?? ""}/projects/${project ?? ""}/merge_requests/${iid}/notes`;
  const comment = (id: number) => `${comments}/${id}`;
  const place: Place = {
    name: "merge request",
    comments,
    comment,
    method: "PUT",
    whoAmI: `${api ?? ""}/user`,
    ownComments:
      (me) =>
      ({ author }) =>
        author?.id === (me as { id: number }).id,
    headers: { "private-token": token },
  };
  return { place };
}
