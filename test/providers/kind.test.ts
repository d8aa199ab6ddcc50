import { expect, test, vi } from "vitest";
import { airbyteKind } from "../../providers/airbyte/kind.ts";
import { ActorHandler } from "../../providers/airbyte/kinds/actor/life.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { scriptedServer } from "./api/scripted-server.ts";
import { FAKER } from "./lifecycle/airbyte.ts";

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

test("an Airbyte that can't be reached stops no preview: one line says that nothing is checked, however many resources", async () => {
  const { url, calls, tokenCalls } = await scriptedServer([], { status: 401 });
  const { session, lines } = sessionFor({ clientId: "id", clientSecret: "s" });
  for (const name of ["a", "b", "c"]) {
    const { mistakes } = await source.check({}, inputs(url, { declaredAs: `dev/${name}` }), session);
    expect(mistakes).toEqual([]);
  }
  expect(lines).toEqual([expect.stringMatching(/^Configurations are not checked against their connectors now: /)]);
  expect(calls).toEqual([]);
  expect(tokenCalls).toHaveLength(1);
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
  const { url } = await scriptedServer([], { status: 401 });
  const { session } = sessionFor({ clientId: "id", clientSecret: "s" });
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
