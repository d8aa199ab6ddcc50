// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access */
import { describe, expect, test } from "vitest";
import { needsConnector } from "../connectors/real.ts";
import { send, start, type Running } from "../start.ts";
import { connectFaker, sync } from "./pipelines.ts";

interface Stream {
  name: string;
  count: number;
  rows: Record<string, unknown>[];
}

const asked = (server: Running, path = "") => send("GET", `${server.url}/api/embedded/rows${path}`, server.token);
const dedup = "incremental_deduped_history";

describe("what has arrived", { timeout: 600_000 }, () => {
  test.for([
    ["DuckDB", { destinationType: "duckdb", destination_path: "/local/sample.duckdb" }, dedup],
    ["JSON lines", { destinationType: "local-json", destination_path: "/local/lines" }, "full_refresh_overwrite"],
  ] as const)("in %s: counts of every stream, and the first rows of one", async ([, destination, mode], context) => {
    await needsConnector(context, "source-faker", "pyairbyte");
    const server = await start({ connectors: "real" });
    const { connectionId } = await connectFaker(server, 12, destination, mode);
    expect((await asked(server)).body).toEqual({ data: [] });
    expect((await asked(server, `/${connectionId}`)).status).toBe(404);

    expect(await sync(server, connectionId)).toMatchObject({ status: "succeeded" });
    const { body } = await asked(server);
    expect(body.data).toMatchObject([{ connectionId, destination: "Warehouse", simulatedBecause: null }]);
    const streams = body.data[0].streams as Stream[];
    const counts = Object.fromEntries(streams.map(({ name, count }) => [name, count]));
    expect(counts).toMatchObject({ users: 12, purchases: 12 });

    const { body: shown } = await asked(server, `/${connectionId}?stream=users&limit=2`);
    const [users, ...others] = shown.streams as Stream[];
    expect(others).toEqual([]);
    expect(users?.rows.map(({ id }) => id)).toEqual([1, 2]);
    const products = (await asked(server, `/${connectionId}?stream=products&limit=2`)).body.streams[0] as Stream;
    expect(products.rows.map(({ price }) => Number.isInteger(price))).toEqual([true, true]);
    expect(Object.keys(users?.rows[0] ?? {}).filter((name) => name.startsWith("_airbyte"))).toEqual([]);
  });

  test("of a source that is played nothing is written into a destination that is real, and that is said", async (context) => {
    await needsConnector(context, "pyairbyte");
    const server = await start({ connectors: "auto" });
    const sheet = {
      sourceType: "google-sheets",
      spreadsheet_id: "x",
      credentials: { auth_type: "Service", service_account_info: "{}" },
    };
    const given = { name: "Sheet", workspaceId: server.workspaceId, configuration: sheet };
    const { sourceId } = (await server.call("POST", "/sources", given)).body;
    const lines = { destinationType: "local-json", destination_path: "/local/lines" };
    const warehouse = { name: "Lines", workspaceId: server.workspaceId, configuration: lines };
    const { destinationId } = (await server.call("POST", "/destinations", warehouse)).body;
    const configurations = { streams: [{ name: "orders" }] };
    const { connectionId } = (await server.call("POST", "/connections", { sourceId, destinationId, configurations }))
      .body;
    expect(await sync(server, connectionId as string)).toMatchObject({ status: "succeeded" });
    const { body } = await asked(server);
    expect(body.data[0].simulatedBecause).toMatch(/^Google Sheets is simulated: without an account/);
    expect(body.data[0].streams).toMatchObject([{ name: "orders", rows: [] }]);
    const { body: shown } = await asked(server, `/${connectionId as string}?limit=1`);
    expect(shown.streams[0].rows).toEqual([]);
  });

  test("nobody sees it without a token", async () => {
    const server = await start();
    expect((await send("GET", `${server.url}/api/embedded/rows`, null)).status).toBe(401);
  });
});
