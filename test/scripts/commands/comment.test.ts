import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keepOne, pullRequest, words } from "../../../scripts/commands/comment.ts";
import { PullRequests } from "../../doubles/pull-requests.ts";

let server: PullRequests;
let url: string;
beforeEach(async () => {
  server = new PullRequests("a-token");
  url = await server.start();
});
afterEach(() => {
  server.stop();
});

const places = {
  GitHub: (token?: string) => ({
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: url,
    GITHUB_REPOSITORY: "me/pipelines",
    GITHUB_REF: "refs/pull/12/merge",
    ...(token !== undefined && { GITHUB_TOKEN: token }),
  }),
  GitLab: (token?: string) => ({
    GITLAB_CI: "true",
    CI_API_V4_URL: url,
    CI_PROJECT_ID: "7",
    CI_MERGE_REQUEST_IID: "12",
    ...(token !== undefined && { COMMENT_TOKEN: token }),
  }),
};

describe.each(Object.entries(places))("on %s", (_, env) => {
  const place = (token: string) => {
    const { place: found } = pullRequest(env(token));
    if (found === undefined) throw new Error("no place");
    return found;
  };

  test("a stack has one comment, which later runs change, among hundreds", async () => {
    for (let i = 0; i < 150; i++) server.comments.push({ id: i + 1, body: "a remark" });
    expect(await keepOne(place("a-token"), words("prod", "+ 1 to create"))).toEqual({ isNew: true });
    expect(await keepOne(place("a-token"), words("dev", "2 unchanged"))).toEqual({ isNew: true });
    expect(await keepOne(place("a-token"), words("prod", "~ 1 to update"))).toEqual({ isNew: false });
    const ours = server.comments.slice(150).map(({ body }) => body);
    expect(ours).toHaveLength(2);
    expect(ours[0]).toContain("~ 1 to update");
    expect(ours[0]).not.toContain("+ 1 to create");
  });

  test("a comment that somebody else has begun like ours is left alone", async () => {
    const [mark = ""] = words("prod", "").split("\n");
    const theirs = {
      id: 1,
      body: `${mark}\nmine`,
      user: { type: "User" },
      author_association: "NONE",
      author: { id: 7 },
    };
    server.comments.push({ ...theirs });
    expect(await keepOne(place("a-token"), words("prod", "1 to delete"))).toEqual({ isNew: true });
    expect(await keepOne(place("a-token"), words("prod", "2 to delete"))).toEqual({ isNew: false });
    expect(server.comments.map(({ body }) => body)).toEqual([theirs.body, words("prod", "2 to delete")]);
  });

  test("a refusal is one sentence, without the token", async () => {
    const wrong = await keepOne(place("another"), words("prod", ""));
    expect(wrong).toEqual({
      refused: expect.stringMatching(/could not be written: GET .* 401; may the token write comments\?$/) as string,
    });
    server.refuses = 500;
    const broken = await keepOne(place("a-token"), words("prod", ""));
    expect(JSON.stringify(broken)).toMatch(/answered with 500/);
    expect(JSON.stringify([wrong, broken])).not.toContain("a-token");
  });

  test("without a token, the setting that is missing is named", () => {
    expect(pullRequest(env()).missing).toMatch(/_TOKEN is not set/);
  });
});

test("outside a run for a pull request nothing is sent", () => {
  expect(pullRequest({}).missing).toContain("inside GitHub Actions and GitLab CI only");
  expect(pullRequest({ GITHUB_ACTIONS: "true", GITHUB_REF: "refs/heads/main" }).missing).toContain(
    "not for a pull request",
  );
  expect(pullRequest({ GITLAB_CI: "true" }).missing).toContain("not part of a merge request");
});

describe("the words", () => {
  test("keep what is printed inside their fence, and colours out", () => {
    const body = words("prod", "\u001b[32m+ create\u001b[0m\n````\n@everybody");
    expect(body).toContain("`````text\n+ create\n````\n@everybody\n`````");
  });

  test("are short enough for GitHub", () => {
    const long = `first\n${"x".repeat(100_000)}\n    12 to delete`;
    const body = words("prod", long);
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain("too long for a comment");
    expect(body).toMatch(/```text\nfirst[^]*12 to delete\n```/);
  });
});
