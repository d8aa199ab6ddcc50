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
export interface Place {
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
