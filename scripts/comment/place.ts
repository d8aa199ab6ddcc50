/** A pull or merge request, as its server's API has it. */
export interface Place {
  /** In a sentence. */
  name: string;
  /** Where its comments are listed and added. */
  comments: string;
  /** Where one of them is changed, and how. */
  comment(this: void, id: number): string;
  method: "PATCH" | "PUT";
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
  const place: Place = { name: "merge request", comments, comment, method: "PUT", headers: { "private-token": token } };
  return { place };
}
