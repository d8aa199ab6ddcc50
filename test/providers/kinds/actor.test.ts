import { describe, expect, test } from "vitest";
import { MASK, UNKNOWN } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { HalfCreatedError } from "../../../providers/airbyte/lifecycle/handler.ts";
import { GOOGLE_SHEETS, startAirbyte } from "../lifecycle/airbyte.ts";

const sources = new ActorHandler("source");
const destinations = new ActorHandler("destination");
const API = "/api/public/v1";

describe("the life of a source", () => {
  test("it is created with its settings, read without a difference, changed in place, and deleted", async () => {
    const { context, source, byHand } = await startAirbyte();
    const { id, outs } = await sources.create(source(), context);
    expect(outs).toEqual(source());
    expect(await byHand("GET", `${API}/sources/${id}`)).toMatchObject({ name: "users", configuration: { count: 10 } });

    expect(await sources.read(id, source(), context)).toEqual(source());

    const changed = source({ configuration: { count: 20, seed: 3 } });
    expect(sources.diff(source(), changed)).toEqual({ changes: true, replaces: [] });
    await sources.update(id, source(), changed, context);
    expect(await byHand("GET", `${API}/sources/${id}`)).toMatchObject({ configuration: { count: 20, seed: 3 } });

    await sources.delete(id, changed, context);
    expect(await sources.read(id, changed, context)).toBeUndefined();
  });

  test("-0, which the server has as 0, is no difference: neither in what is read, nor after an earlier version's state", async () => {
    const { context, source } = await startAirbyte();
    const declared = source({ configuration: { count: 10, seed: -0 } });
    const { id, outs } = await sources.create(declared, context);
    expect(sources.diff(outs, declared).changes).toBe(false);
    const read = await sources.read(id, declared, context);
    expect(sources.diff(read!, declared).changes).toBe(false);
    expect(sources.diff(declared, source({ configuration: { count: 10, seed: 0 } })).changes).toBe(false);
  });

  test("a key taken out of the configuration is gone on the server: updates replace, they don't merge", async () => {
    const { context, source, byHand } = await startAirbyte();
    const before = source({ configuration: { count: 10, seed: 7 } });
    const { id } = await sources.create(before, context);
    await sources.update(id, before, source(), context);
    expect((await byHand("GET", `${API}/sources/${id}`)).configuration).toEqual({ count: 10 });
  });

  test("deleting it twice, or after somebody else did, is no error", async () => {
    const { context, source, byHand } = await startAirbyte();
    const { id } = await sources.create(source(), context);
    await byHand("DELETE", `${API}/sources/${id}`);
    await sources.delete(id, source(), context);
    await sources.delete("7c6a9f1e-0000-4000-8000-000000000000", source(), context);
  });

  test("one that somebody deleted reads as gone although Airbyte still answers 200", async () => {
    const { context, source, byHand } = await startAirbyte();
    const { id } = await sources.create(source(), context);
    await byHand("DELETE", `${API}/sources/${id}`);
    expect((await byHand("GET", `${API}/sources/${id}`)).sourceId).toBe(id);
    expect(await sources.read(id, source(), context)).toBeUndefined();
  });
});

describe("secrets", () => {
  test("Airbyte's mask in an answer is no difference, and a changed secret is one", async () => {
    const { context, destination } = await startAirbyte();
    const { id } = await destinations.create(destination(), context);
    expect(await destinations.read(id, destination(), context)).toEqual(destination());

    const rotated = destination({ configuration: { ...destination().configuration, password: "top-secret-2" } });
    expect(destinations.diff(destination(), rotated).changes).toBe(true);
  });

  test("where a later specification marks more as secret, an update writes the outputs anew and nothing to Airbyte", async () => {
    const { context, source, byHand } = await startAirbyte();
    const before = source({ sealed: { by: "keys", paths: [] } });
    const { id } = await sources.create(before, context);
    const marked = source({ sealed: { by: "specification", paths: ["configuration.seed"] } });
    expect(sources.diff(before, marked)).toEqual({ changes: true, replaces: [] });
    await byHand("DELETE", "/faults");
    expect(await sources.update(id, before, marked, context)).toEqual(marked);
    const { calls } = (await byHand("GET", "/faults")) as unknown as { calls: Record<string, number> };
    expect(Object.keys(calls).filter((call) => call.startsWith("PUT"))).toEqual([]);
    // Less, or by keys alone, is no reason: nothing lies open that was known to be secret.
    expect(sources.diff(marked, source({ sealed: { by: "specification", paths: [] } })).changes).toBe(false);
    expect(sources.diff(before, source({ sealed: { by: "keys", paths: ["configuration.seed"] } })).changes).toBe(false);
  });

  test("a mask as a value is refused, with its place and without sending it", () => {
    const inputs = {
      name: "w",
      workspaceId: UNKNOWN,
      definitionId: UNKNOWN,
      configuration: { a: [{ password: MASK }] },
    };
    expect(destinations.check(inputs)).toEqual([
      expect.stringContaining("configuration.a[0].password: is Airbyte's mask"),
    ]);
  });

  test("a refused configuration never shows a secret in the error", async () => {
    const { context, destination } = await startAirbyte();
    const wrong = destination({ configuration: { ...destination().configuration, port: "top-secret-1" } });
    await expect(destinations.create(wrong, context)).rejects.toThrow(
      /^(?!.*top-secret)[\s\S]*create destination "warehouse"/,
    );
  });
});

describe("what is compared", () => {
  test("an edit behind Pulumi's back is read field by field", async () => {
    const { context, destination, byHand } = await startAirbyte();
    const { id } = await destinations.create(destination(), context);
    await byHand("PATCH", `${API}/destinations/${id}`, { name: "by hand", configuration: { host: "elsewhere" } });
    const seen = await destinations.read(id, destination(), context);
    expect(seen?.name).toBe("by hand");
    expect(seen?.configuration).toEqual({ ...destination().configuration, host: "elsewhere" });
    expect(destinations.diff(seen ?? destination(), destination()).changes).toBe(true);
  });

  test("a key that nobody declared, a connector's own perhaps, is no difference", async () => {
    const { context, destination, byHand } = await startAirbyte();
    const { id } = await destinations.create(destination(), context);
    await byHand("PATCH", `${API}/destinations/${id}`, { configuration: { jdbc_url_params: "a=b" } });
    expect(await destinations.read(id, destination(), context)).toEqual(destination());
  });

  test("sourceType in a configuration is stripped by Airbyte and is no difference", async () => {
    const { context, source } = await startAirbyte();
    const typed = source({ configuration: { sourceType: "faker", count: 10 } });
    const { id } = await sources.create(typed, context);
    expect(await sources.read(id, typed, context)).toEqual(typed);
    expect(sources.diff(typed, source()).changes).toBe(false);
  });

  test("another connector or workspace replaces it, never by deleting first: that would take its connections along", async () => {
    const { source } = await startAirbyte();
    expect(sources.diff(source(), source({ definitionId: GOOGLE_SHEETS }))).toEqual({
      changes: true,
      replaces: ["definitionId"],
    });
    expect(sources.diff(source(), source({ workspaceId: UNKNOWN })).replaces).toEqual(["workspaceId"]);
  });

  test("resourceAllocation is sent with every update, since Airbyte drops it otherwise", async () => {
    const { context, source, byHand } = await startAirbyte();
    const sized = source({ resourceAllocation: { default: { cpu_limit: "1" } } });
    const { id } = await sources.create(sized, context);
    await sources.update(id, sized, { ...sized, name: "renamed" }, context);
    expect(await byHand("GET", `${API}/sources/${id}`)).toMatchObject({
      resourceAllocation: { default: { cpu_limit: "1" } },
    });
    await sources.update(id, sized, source(), context);
    expect((await byHand("GET", `${API}/sources/${id}`)).resourceAllocation ?? null).toBeNull();
  });
});

describe("check: true", () => {
  test("tests the connection with Airbyte's own test, and a failure keeps what was made and shows the connector's message", async () => {
    const { context, source, fault, byHand, api, workspaceId } = await startAirbyte();
    await fault({ checkError: "password authentication failed" });
    const failure: unknown = await sources.create(source({ check: true }), context).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HalfCreatedError);
    const { id, properties, message } = failure as HalfCreatedError;
    expect(message).toMatch(/source "users" does not connect: password authentication failed\n/);
    expect(properties).toEqual(source({ check: true }));
    expect(await api.listActors("source", workspaceId)).toMatchObject([{ id }]);

    // Pulumi calls update next time, with nothing changed; the test is run again.
    const inputs = source({ check: true });
    await expect(sources.update(id, inputs, inputs, context)).rejects.toThrow(/does not connect/);
    await byHand("DELETE", "/faults");
    await expect(sources.update(id, inputs, inputs, context)).resolves.toEqual(inputs);
  });

  test("is a change, which tests what is there and writes nothing", async () => {
    const { context, source, fault, byHand } = await startAirbyte();
    const { id } = await sources.create(source(), context);
    expect(sources.diff(source(), source({ check: true }))).toEqual({ changes: true, replaces: [] });
    await fault({ checkError: "password authentication failed" });
    await expect(sources.update(id, source(), source({ check: true }), context)).rejects.toThrow(/does not connect/);
    const { calls } = await byHand("GET", "/faults");
    expect(Object.keys(calls as object).filter((call) => /^(PUT|PATCH) |\/update$/.test(call))).toEqual([]);
  });

  test("is not run unless it is asked for", async () => {
    const { context, source, fault } = await startAirbyte();
    await fault({ checkError: "password authentication failed" });
    await expect(sources.create(source(), context)).resolves.toMatchObject({ outs: source() });
  });
});

describe("the address", () => {
  test("a change of it writes nothing, but looks whether the object is there", async () => {
    const { context, source, byHand } = await startAirbyte();
    const { id } = await sources.create(source(), context);
    await byHand("DELETE", "/faults");
    const moved = source({ airbyteUrl: "http://another-name:8000" });
    expect(sources.diff(source(), moved)).toEqual({ changes: true, replaces: [] });
    await sources.update(id, source(), moved, context);
    const { calls } = (await byHand("GET", "/faults")) as unknown as { calls: Record<string, number> };
    expect(Object.keys(calls).filter((call) => /^(PUT|PATCH)|(create|update)/.test(call))).toEqual([]);
  });

  test("an object that is not there is an error, not a creation", async () => {
    const { context, source } = await startAirbyte();
    const moved = source({ airbyteUrl: "http://another-name:8000" });
    const update = sources.update("7c6a9f1e-0000-4000-8000-000000000000", source(), moved, context);
    await expect(update).rejects.toThrow(/is not in the Airbyte at http:\/\/another-name:8000/);
  });

  test("a wrong user is never read as a deletion: 403 is settled by the workspace's list", async () => {
    const { context, source, fault } = await startAirbyte();
    const { id } = await sources.create(source(), context);
    await fault({ next: { count: 1, path: `/sources/(${id}|get)`, status: 403 } });
    expect(await sources.read(id, source(), context)).toEqual(source());
    await fault({ next: { count: 2, path: "/sources", status: 403 } });
    await expect(sources.read(id, source(), context)).rejects.toThrow(/403/);
  });
});

test("every mistake in the inputs is reported, each with its key, and unknown values pass", () => {
  expect(sources.check({ name: " ", workspaceId: "x", configuration: [] })).toEqual([
    "name: the text is empty",
    "configuration: expected a map; found a list",
    'workspaceId: expected a UUID; found "x"',
    expect.stringContaining("connector: is missing; expected the connector's name"),
  ]);
  expect(sources.check({ name: UNKNOWN, workspaceId: UNKNOWN, definitionId: UNKNOWN, configuration: UNKNOWN })).toEqual(
    [],
  );
});
