// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { describe, expect, test } from "vitest";
import { createPipeline, createSource, faker, start, unknownId } from "../../start.ts";

describe("lists", () => {
  test("are pages of 20, with next as a URL that leads on until a page is empty", async () => {
    const server = await start();
    for (let count = 0; count < 25; count++) await createSource(server);
    const ids = new Set<string>();
    const sizes: number[] = [];
    // As Dagster follows it: only the query of the link counts.
    for (let query = `?workspaceIds=${server.workspaceId}`; ;) {
      const { body } = await server.call("GET", `/sources${query}`);
      const { data, next } = body as { data: { sourceId: string }[]; next: string };
      sizes.push(data.length);
      for (const { sourceId } of data) ids.add(sourceId);
      if (next === "") break;
      query = new URL(next).search;
      expect(new URL(next).searchParams.get("workspaceIds")).toBe(server.workspaceId);
    }
    expect(sizes).toEqual([20, 5, 0]);
    expect(ids.size).toBe(25);
  });

  test("refuse a limit outside 1 to 100", async () => {
    const { call } = await start();
    expect((await call("GET", "/sources?limit=100&offset=0")).status).toBe(200);
    for (const query of ["limit=0", "limit=101", "offset=-1", "limit=x"]) {
      expect((await call("GET", `/sources?${query}`)).status).toBe(400);
    }
  });

  test("take several workspaces, repeated or joined with commas", async () => {
    const server = await start();
    const { body } = await server.call("POST", "/workspaces", { name: "Other" });
    const other = body.workspaceId as string;
    await createSource(server);
    await createSource({ ...server, workspaceId: other });
    const count = async (query: string) =>
      ((await server.call("GET", `/sources?${query}`)).body.data as unknown[]).length;
    expect(await count(`workspaceIds=${other}`)).toBe(1);
    expect(await count(`workspaceIds=${other}&workspaceIds=${server.workspaceId}`)).toBe(2);
    expect(await count(`workspaceIds=${other},${server.workspaceId}`)).toBe(2);
    expect(await count(`workspaceIds=${unknownId}`)).toBe(0);
  });

  test("of connections filter by tag, and drop the tags from next", async () => {
    const server = await start();
    const given = { name: "t", color: "FF0000", workspaceId: server.workspaceId };
    const { body: tag } = await server.call("POST", "/tags", given);
    const { connectionId } = await createPipeline(server, { tags: [tag] });
    await createPipeline(server);
    const { body } = await server.call("GET", `/connections?tagIds=${tag.tagId as string}`);
    expect(body.data).toMatchObject([{ connectionId }]);
    expect(body.next).not.toContain("tagIds");
  });
});

describe("workspaces", () => {
  test("start with one, and are created, renamed and read", async () => {
    const { call, workspaceId } = await start();
    const expected = { workspaceId, name: "Default Workspace", dataResidency: "auto", notifications: {} };
    expect((await call("GET", "/workspaces")).body.data).toEqual([expected]);
    const notifications = { failure: { email: { enabled: true } } };
    const { body } = await call("POST", "/workspaces", { name: "A", organizationId: unknownId, notifications });
    expect(body).toMatchObject({ name: "A", notifications });
    const path = `/workspaces/${body.workspaceId as string}`;
    expect((await call("PATCH", path, { name: "B" })).body).toEqual({ ...body, name: "B" });
    expect((await call("GET", path)).body.name).toBe("B");
  });

  test("take everything in them down, and are a 404 afterwards", async () => {
    const server = await start();
    const { sourceId, connectionId } = await createPipeline(server);
    expect((await server.call("DELETE", `/workspaces/${server.workspaceId}`)).status).toBe(204);
    expect((await server.call("GET", `/workspaces/${server.workspaceId}`)).status).toBe(404);
    expect((await server.call("GET", `/sources/${sourceId}`)).body.configuration).toBeNull();
    expect((await server.call("GET", `/connections/${connectionId}`)).body.status).toBe("deprecated");
  });
});

describe("tags", () => {
  test("are full objects, shown in their connections as they are now", async () => {
    const server = await start();
    const { call, workspaceId } = server;
    const { status, body } = await call("POST", "/tags", { name: "prod", color: "00ff00", workspaceId });
    expect(status).toBe(200);
    expect(body).toEqual({ tagId: expect.any(String) as string, workspaceId, name: "prod", color: "00ff00" });
    const path = `/tags/${body.tagId as string}`;
    const { connectionId } = await createPipeline(server, { tags: [body] });
    const changed = (await call("PATCH", path, { name: "live", color: "0000FF" })).body as object;
    expect((await call("GET", `/connections/${connectionId}`)).body.tags).toEqual([changed]);
    expect((await call("GET", `/tags?workspaceIds=${workspaceId}`)).body).toEqual({ data: [changed] });
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", `/connections/${connectionId}`)).body.tags).toEqual([]);
  });

  test("have a name of their own, of 30 characters at most, and a colour of six hex digits", async () => {
    const { call, workspaceId } = await start();
    const create = (tag: object) => call("POST", "/tags", { name: "a", color: "aabbcc", workspaceId, ...tag });
    expect((await create({})).status).toBe(200);
    const taken = { title: "Tag already exists", type: "error:tag-already-exists" };
    expect(await create({})).toMatchObject({ status: 409, body: taken });
    const long = await create({ name: "x".repeat(31) });
    expect(long).toMatchObject({ status: 400, body: { title: "error:tag-name-too-long" } });
    expect((await create({ name: "b", color: "#aabbc" })).status).toBe(400);
    expect((await create({ name: "b", color: "red" })).status).toBe(400);
    const second = await create({ name: "b" });
    const rename = await call("PATCH", `/tags/${second.body.tagId as string}`, { name: "a", color: "aabbcc" });
    expect(rename.status).toBe(409);
  });

  test("in a connection have to be complete, and of its workspace", async () => {
    const server = await start();
    const { sourceId, destinationId } = await createPipeline(server);
    const tag = { tagId: unknownId, workspaceId: server.workspaceId, name: "x", color: "aabbcc" };
    const create = (tags: object[]) => server.call("POST", "/connections", { sourceId, destinationId, tags });
    expect((await create([{ tagId: unknownId }])).status).toBe(400);
    expect((await create([tag])).status).toBe(400);
  });
});

describe("definitions", () => {
  test("of Airbyte's own connectors are listed and can't be changed", async () => {
    const { call, workspaceId } = await start();
    const path = `/workspaces/${workspaceId}/definitions/sources`;
    const { body } = await call("GET", path);
    expect(body.data).toContainEqual(expect.objectContaining({ id: faker, dockerRepository: "airbyte/source-faker" }));
    expect((await call("GET", `${path}/${faker}`)).body.id).toBe(faker);
    expect((await call("PUT", `${path}/${faker}`, { name: "x", dockerImageTag: "1" })).status).toBe(400);
    expect((await call("DELETE", `${path}/${faker}`)).status).toBe(400);
    const all = await call("GET", `/connector_definitions?type=destination&workspaceId=${workspaceId}`);
    expect(all.body.data).toContainEqual(expect.objectContaining({ name: "Postgres" }));
  });

  test("of one's own images are created, changed and deleted, each with 200 and a body", async () => {
    const { call, workspaceId } = await start();
    const path = `/workspaces/${workspaceId}/definitions/destinations`;
    const given = { name: "Mine", dockerRepository: "me/destination-mine", dockerImageTag: "1.0.0" };
    const { status, body } = await call("POST", path, given);
    expect([status, body]).toMatchObject([200, { id: expect.any(String) as string, ...given }]);
    const own = `${path}/${body.id as string}`;
    expect((await call("PUT", own, { name: "Mine", dockerImageTag: "2.0.0" })).body.dockerImageTag).toBe("2.0.0");
    expect((await call("GET", path)).body.data).toContainEqual(expect.objectContaining({ id: body.id as string }));
    expect((await call("DELETE", own)).status).toBe(200);
    expect((await call("GET", own)).status).toBe(404);
  });

  test("by a low-code manifest bring their spec and streams along", async () => {
    const { call, workspaceId } = await start();
    const connection_specification = {
      type: "object",
      required: ["key"],
      properties: { key: { airbyte_secret: true } },
    };
    const manifest = { version: "6", spec: { connection_specification }, streams: [{ name: "things" }] };
    const path = `/workspaces/${workspaceId}/definitions/declarative_sources`;
    const { body } = await call("POST", path, { name: "Low", manifest });
    expect(body).toMatchObject({ id: expect.any(String) as string, name: "Low", manifest, version: 1 });
    const definitionId = body.id as string;
    const create = (configuration: object) =>
      call("POST", "/sources", { name: "L", workspaceId, definitionId, configuration });
    expect((await create({})).status).toBe(422);
    const source = await create({ key: "k" });
    expect(source.body).toMatchObject({ sourceType: "", configuration: { key: "**********" } });
    const streams = await call("GET", `/streams?sourceId=${source.body.sourceId as string}`);
    expect(streams.body).toMatchObject([{ streamName: "things" }]);
    expect((await call("PUT", `${path}/${definitionId}`, { manifest })).body.version).toBe(2);
  });
});

test("an image is seen in its own workspace alone, a low-code connector in all of the organization", async () => {
  const { call, config, workspaceId } = await start();
  const other = (await call("POST", "/workspaces", { name: "Marketing" })).body.workspaceId as string;
  const at = (workspace: string, kind: string) => `/workspaces/${workspace}/definitions/${kind}`;
  const image = { name: "Mine", dockerRepository: "me/source-mine", dockerImageTag: "1" };
  const mine = (await call("POST", at(workspaceId, "sources"), image)).body.id as string;
  const low = (await call("POST", at(workspaceId, "declarative_sources"), { name: "Low", manifest: { spec: {} } })).body
    .id as string;

  expect((await call("GET", `${at(other, "sources")}/${mine}`)).status).toBe(404);
  expect((await call("GET", `${at(other, "declarative_sources")}/${low}`)).body.id).toBe(low);
  expect((await call("GET", at(other, "declarative_sources"))).body.data).toMatchObject([{ id: low }]);
  const lists = [
    (await call("GET", `/connector_definitions?type=source&workspaceId=${other}`)).body.data,
    (await config("source_definitions/list_for_workspace", { workspaceId: other })).body.sourceDefinitions,
  ] as { id?: string; sourceDefinitionId?: string }[][];
  for (const list of lists) {
    const ids = list.map(({ id, sourceDefinitionId }) => id ?? sourceDefinitionId);
    expect(ids).toContain(low);
    expect(ids).not.toContain(mine);
  }
});
