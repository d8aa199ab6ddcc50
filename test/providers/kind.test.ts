import { describe, expect, test, vi } from "vitest";
import { airbyteKind } from "../../providers/airbyte/kind.ts";
import { airbyteKinds } from "../../providers/airbyte/kinds/handlers.ts";
import { ActorHandler } from "../../providers/airbyte/kinds/actor/life.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { readinessHandler } from "../../providers/host/readiness.ts";
import { temporaryFolder } from "../embedded/start.ts";
import { scriptedServer } from "./api/scripted-server.ts";
import { FAKER } from "./lifecycle/airbyte.ts";

/** The answer to the first question of all. */
const workspaces = { status: 200, body: { data: [{ workspaceId: "w", name: "W" }] } };

const source = airbyteKind("source", new ActorHandler("source"));

/** Inputs of a source as Pulumi hands them to a check, in an Airbyte at this address. */
const inputs = (airbyteUrl: string, over = {}) => ({
  airbyteUrl,
  declaredAs: "dev/users",
  workspaceId: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
  name: "users",
  definitionId: FAKER,
  configuration: { count: 1, token: "old-s3cret" },
  ...over,
});

function sessionFor(settings: Record<string, string>) {
  const lines: string[] = [];
  const session = new Session(
    new Access({
      get: (key) => ({ target: "existing", api: "public", stateDir: "/nonexistent", ...settings })[key],
    }),
  );
  vi.spyOn(session, "log").mockImplementation((line) => void lines.push(line));
  return { session, lines };
}

describe("an Airbyte that lets nobody in", () => {
  const three = ["a", "b", "c"];
  const checkAll = (session: Session, url: string, before = false) =>
    Promise.allSettled(
      three.map(async (name) => {
        const news = inputs(url, { declaredAs: `dev/${name}` });
        return await source.check(before ? news : {}, news, session);
      }),
    );
  const reasons = (results: PromiseSettledResult<unknown>[]) =>
    results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));

  test.each([
    ["of the token", [], { status: 401 }, /check clientId and clientSecret/],
    ["of the token, as servers of today", [], { status: 400 }, /check clientId and clientSecret/],
    ["of the workspaces, a call that every Airbyte has", [{ status: 403 }], undefined, /answered 403/],
    [
      "by a gateway without an Airbyte behind it",
      Array(5).fill({ status: 503, headers: { "retry-after": "0" } }),
      undefined,
      /answered 503/,
    ],
  ])("stops the preview, once for all resources: its refusal %s", async (_, answers, token, expected) => {
    const { url, tokenCalls } = await scriptedServer(answers, token);
    const { session, lines } = sessionFor({ clientId: "id", clientSecret: "s" });
    expect(reasons(await checkAll(session, url))).toEqual([expect.stringMatching(expected)]);
    expect(lines.filter((line) => !line.startsWith("Airbyte: "))).toEqual([]);
    expect(tokenCalls).toHaveLength(1);
  });

  test("stops it too where nothing listens, whatever the kind has to ask", async () => {
    const { session } = sessionFor({ clientId: "id", clientSecret: "s" });
    const tag = airbyteKinds.tag;
    if (tag === undefined) throw new Error("there is no such kind");
    const declared = { ...inputs("http://127.0.0.1:9"), color: "1F77B4" };
    await expect(tag.check({}, declared, session)).rejects.toThrow("check that Airbyte runs");
    expect(reasons(await checkAll(session, "http://127.0.0.1:9"))).toEqual([]);
  });

  test("stops none where it isn't made yet, which one line says; and where the state or the journal has something of it, it does", async () => {
    const settings = { target: "docker", rootSecret: "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ" };
    const { url } = await scriptedServer([], { status: 503, headers: { "retry-after": "0" } });
    const first = sessionFor(settings);
    expect(reasons(await checkAll(first.session, url))).toEqual([]);
    expect(first.lines.at(-1)).toMatch(/^Configurations are not checked against their connectors now: .*answered 503/);
    const later = sessionFor(settings).session;
    expect(reasons(await checkAll(later, url, true))).toHaveLength(1);
    const [used, stateDir] = [sessionFor({ ...settings, stateDir: temporaryFolder() }), temporaryFolder()];
    const known = sessionFor({ ...settings, stateDir }).session;
    const intention = { kind: "source", declaredAs: "dev/a", workspaceId: "w", name: "a", identity: {} };
    await known.intents(inputs(url)).begin(intention, 0);
    expect(reasons(await checkAll(known, url))).toHaveLength(1);
    expect(reasons(await checkAll(used.session, url))).toEqual([]);
  });

  test("stops none where this run starts it, or changes what it runs in", async () => {
    const settings = { target: "docker", rootSecret: "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ" };
    const { session } = sessionFor(settings);
    const { url: airbyteUrl } = await scriptedServer([], { status: 401 });
    const ready = { airbyteUrl, declaredAs: "dev/airbyte", startedBy: ["1"], minutes: 1, lookBy: "docker ps" };
    await readinessHandler.check(ready, ready, session);
    await readinessHandler.diff("dev/airbyte", ready, { ...ready, startedBy: ["2"] }, session);
    expect(reasons(await checkAll(session, airbyteUrl, true))).toEqual([]);
  });
});

test("a call that this server doesn't offer stops no preview: one line says what isn't checked", async () => {
  const { url } = await scriptedServer([workspaces, { status: 403 }, { status: 403 }]);
  const { session, lines } = sessionFor({ auth: "none" });
  expect((await source.check({}, inputs(url), session)).mistakes).toEqual([]);
  expect(lines).toEqual([expect.stringMatching(/^Configurations are not checked .*answered 403/)]);
});

test("a changed secret is told by its place, in a preview too, and never by its value", async () => {
  const { url } = await scriptedServer([{ status: 500 }, { status: 500 }]);
  const { session, lines } = sessionFor({});
  const news = inputs(url, { configuration: { count: 2, token: "new-s3cret" } });
  await source.check(inputs(url), news, session);
  expect(lines[0]).toBe('source "users": changed, value not shown: configuration.token');
  expect(lines.join()).not.toContain("s3cret");
});

test("how places were found out to be secret is carried over, unless there are more of them", async () => {
  const { url } = await scriptedServer([]);
  const { session } = sessionFor({});
  const keys = { by: "keys", paths: ["configuration.token"] };
  const before = inputs(url, { sealed: keys });
  const fewer = await source.check(before, inputs(url, { sealed: { by: "specification", paths: [] } }), session);
  expect(fewer.inputs?.sealed).toEqual(keys);
  const more = { by: "specification", paths: ["configuration.token", "configuration.count"] };
  expect((await source.check(before, inputs(url, { sealed: more }), session)).inputs?.sealed).toEqual(more);
});

test("adopt says nothing of what the state holds already, also when Pulumi checks a replacement as if it were new", async () => {
  const { url } = await scriptedServer([]);
  const { session } = sessionFor({});
  const adopting = inputs(url, { adopt: true });
  expect((await source.check(inputs(url), adopting, session)).inputs).not.toHaveProperty("adopt");
  expect((await source.check({}, adopting, session)).inputs).not.toHaveProperty("adopt");
});

test("a connector by name that nobody could resolve yet leaves no key without a value: Pulumi takes none", async () => {
  const { url } = await scriptedServer([workspaces, { status: 403 }, { status: 403 }]);
  const { session } = sessionFor({ auth: "none" });
  const named = Object.fromEntries(Object.entries(inputs(url)).filter(([key]) => key !== "definitionId"));
  const checked = await source.check({ ...named, connector: "faker" }, { ...named, connector: "faker" }, session);
  expect(Object.keys(checked.inputs ?? {})).not.toContain("definitionId");
});

test("calls have the time that the stack's configuration gives them; what is no time is a mistake that says what to set", async () => {
  const { url } = await scriptedServer([() => undefined, () => undefined]);
  const { session, lines } = sessionFor({ requestTimeout: "1s", auth: "none" });
  await expect(source.read("s1", inputs(url), session)).rejects.toThrow(/no answer within 1 s\n.*requestTimeout 2s/);
  expect(lines).toEqual(["Airbyte: no answer within 1 s; trying again (2 of 2)."]);

  const wrong = sessionFor({ requestTimeout: "soon" }).session;
  await expect(source.read("s1", inputs(url), wrong)).rejects.toThrow(
    "requestTimeout: expected a time from 1s to 60m, such as 30s or 2m\n  Next step: pulumi config set requestTimeout 2m",
  );
});
