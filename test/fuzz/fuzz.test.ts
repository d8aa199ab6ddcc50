import { describe, expect, test } from "vitest";
import { openApiOf, operationsOf } from "../../fuzz/operations.ts";
import { causeIn, judge, tableOf, type Answer } from "../../fuzz/gateway.ts";
import { readOptions } from "../../fuzz/options.ts";
import { hostileTexts } from "../../fuzz/page.ts";
import { temporaryFolder } from "../scripts/modules.ts";

const good: Answer = {
  method: "POST",
  path: "/api/v1/tags/create",
  status: 200,
  contentType: "application/json",
  body: "{}",
};
const unreasoned = '{"errorId":"7"}';
const stack = "TypeError: x is undefined\n    at createTag (file:///x/tags.ts:17:3)";

describe("an answer", () => {
  test.each<Partial<Answer>>([
    {},
    { status: 404 },
    { status: 204, contentType: "", body: "" },
    { method: "HEAD", body: "" },
    { path: "/api/public/v1/health?x=1", contentType: "text/plain", body: "Successful operation" },
    { status: 500, body: unreasoned, cause: "The permission is not there" },
    { status: 501, body: '{"title":"api-not-implemented"}' },
    { body: '{"name":"at the end: 1:2"}' },
  ])("as it should be: %o", (answer) => {
    expect(judge({ ...good, ...answer })).toBeUndefined();
  });

  test.each<[string, Partial<Answer>]>([
    ["nobody foresaw: TypeError: x is undefined", { status: 500, body: unreasoned, cause: stack }],
    ["500, of which the log says nothing", { status: 500, body: unreasoned }],
    ["the answer (200, text/html) is not JSON", { contentType: "text/html", body: "<p>" }],
    ["the answer (500, no type) is not JSON", { status: 500, contentType: "", body: "" }],
    ["JSON is sent as text/html", { contentType: "text/html" }],
    ["the answer shows a stack trace", { body: JSON.stringify({ message: stack }) }],
    ["the answer shows a stack trace", { contentType: "text/plain", body: stack }],
  ])("with a fault: %s", (what, answer) => {
    expect(judge({ ...good, ...answer })).toBe(what);
  });
});

test("the cause of an answer is what the log has under its id, and nothing of the next call", () => {
  const line = (id: string) => `2026-11-30T10:00:00.000Z POST /x 500 {"errorId":"${id}"}\n`;
  const log = `${line("1")}first\n${line("2")}${stack}\n${line("3")}third\n`;
  expect(causeIn(log, "2")).toBe(stack);
  expect(causeIn(log, "9")).toBeUndefined();
  expect(causeIn(line("4"), "4")).toBeUndefined(); // the rest is on its way
});

describe("the operations", () => {
  test("are the routes of both APIs, each with the schema of its body", async () => {
    const operations = await operationsOf(temporaryFolder());
    const at = (path: string, method = "POST") => operations.find((one) => one.path === path && one.method === method);
    expect(at("/api/public/v1/tags")?.body).toMatchObject({
      type: "object",
      required: ["name", "color", "workspaceId"],
    });
    expect(at("/api/public/v1/sources/:sourceId", "GET")).toEqual({
      method: "GET",
      path: "/api/public/v1/sources/:sourceId",
    });
    const bare = operations.filter(({ method, body }) => ["POST", "PUT", "PATCH"].includes(method) && !body);
    // Those that read none.
    expect(bare.map(({ path }) => path)).toEqual([
      "/api/public/v1/sources/initiateOAuth",
      "/api/public/v1/destinations/initiateOAuth",
      "/api/embedded/page-links",
      "/api/v1/applications/list",
      "/api/v1/source_definitions/list",
      "/api/v1/destination_definitions/list",
    ]);
  });

  test("are described with ids that are there, in each API's words; deletions get others", async () => {
    const objects = { kept: { sourceId: ["kept"], jobId: [1] }, doomed: { sourceId: ["doomed"], jobId: [2] } };
    const { paths } = openApiOf(await operationsOf(temporaryFolder()), objects);
    expect(paths["/api/public/v1/sources/{sourceId}"]).toMatchObject({
      get: { parameters: expect.arrayContaining([idInPath("kept")]) as unknown },
      delete: { parameters: [idInPath("doomed")] },
    });
    const body = (path: string) => JSON.stringify(paths[path]?.post);
    expect(body("/api/v1/sources/update")).toMatch(/"sourceId":\{"enum":\["kept"\]\}.*"required":\["sourceId",/);
    expect(body("/api/v1/sources/delete")).toContain('"enum":["doomed"]');
    expect(body("/api/v1/jobs/cancel")).toContain('"id":{"enum":[2]}');
  });
});

function idInPath(id: string) {
  return { name: "sourceId", in: "path", required: true, schema: { enum: [id] } };
}

test("hostile texts are the same for the same seed", () => {
  expect(hostileTexts(30, 1)).toEqual(hostileTexts(30, 1));
  expect(hostileTexts(30, 1)).not.toEqual(hostileTexts(30, 2));
  expect(hostileTexts(0, 1).join()).toMatch(/<script>[^]*javascript:[^]*\u202e/);
});

describe("options", () => {
  test("have defaults that end in minutes, and a seed that is another one each time", () => {
    expect(readOptions([], 1_000_007)).toEqual({ seed: 7, seconds: 240, examples: 20 });
    expect(readOptions(["--seed", "0", "--seconds", "9"])).toEqual({ seed: 0, seconds: 9, examples: 20 });
  });

  test.each([
    ["--seed", "-1"],
    ["--seed", "abc"],
    ["--seconds", "0"],
    ["--examples", "1.5"],
  ])("that can't be are refused: %s %s", (option, value) => {
    expect(() => readOptions([`${option}=${value}`])).toThrow(`${option} ${value}: a whole number from `);
  });
});

test("the figures are a table", () => {
  const one = { part: "page", calls: 1200, operations: 3, failures: [], seconds: 1.4, cut: true, note: "2xx 4" };
  expect(tableOf([one]).split("\n").at(-1)).toBe("| page | 1,200 | 3 | 0 | 1 (all it had) | 2xx 4 |");
});
