import { expect, test } from "vitest";
import { start } from "../../start.ts";

/*
 * The workflow that many guides describe: a token, then three calls at the root of the API's host. Only the base URL
 * is this server's; the requests are written as the guides have them.
 */

type Answer = Record<string, unknown>;

test("the guide's token call and its three create calls work at the root of the host", async () => {
  const { url: apiUrl, clientId, clientSecret, workspaceId } = await start();

  const tokenResponse = await fetch(`${apiUrl}/oauth/token`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "client_credentials",
    }).toString(),
  });
  expect(tokenResponse.status).toBe(200);
  const token = (await tokenResponse.json()) as Answer;
  expect(token).toEqual({
    access_token: expect.any(String) as string,
    token_type: "Bearer",
    expires_in: expect.any(Number) as number,
  });

  const post = async (path: string, body: object) => {
    const response = await fetch(`${apiUrl}${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${String(token.access_token)}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };

  const source = await post("/sources/create", {
    sourceDefinitionId: "71607ba1-c0ac-4799-8049-7f4b90dd50f7",
    connectionConfiguration: {
      spreadsheet_id: "https://docs.google.com/spreadsheets/d/abc/edit",
      credentials: { auth_type: "Service", service_account_info: '{"type": "service_account"}' },
    },
    workspaceId,
    name: "Google Sheets Source",
  });
  const destination = await post("/destinations/create", {
    destinationDefinitionId: "25c5221d-dce2-4163-ade9-739ef790f503",
    connectionConfiguration: {
      host: "db.example.com",
      port: 5432,
      database: "analytics",
      schema: "public",
      username: "loader",
      password: "s3cret-password",
    },
    workspaceId,
    name: "Postgres Destination",
  });
  const { sourceId, destinationId } = { ...source, ...destination } as { sourceId: string; destinationId: string };
  const connection = await post("/connections/create", {
    sourceId,
    destinationId,
    name: "Sheets to Postgres",
    status: "active",
  });
  expect(connection).toMatchObject({
    connectionId: expect.any(String) as string,
    sourceId,
    destinationId,
    status: "active",
  });
  expect(JSON.stringify([source, destination])).not.toMatch(/s3cret-password|service_account"/);
});

test("at the root a connection without a catalog syncs what the source suggests", async () => {
  const { url, token, workspaceId } = await start();
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as Answer;
  };
  const { sourceId } = await post("/sources/create", {
    sourceDefinitionId: "dfd88b22-b603-4c3d-aad7-3701784586b1",
    connectionConfiguration: { count: 10 },
    workspaceId,
    name: "Sample",
  });
  const { destinationId } = await post("/destinations/create", {
    destinationDefinitionId: "a7bcc9d8-13b3-4e49-b80d-d020b90045e3",
    connectionConfiguration: { test_destination: { test_destination_type: "SILENT" } },
    workspaceId,
    name: "Nowhere",
  });
  const { syncCatalog } = await post("/connections/create", { sourceId, destinationId, status: "active" });
  expect((syncCatalog as { streams: unknown[] }).streams).toHaveLength(3);
});

test("what the server itself has at the root is not covered by the routes there", async () => {
  const { url } = await start();
  const about = (await (await fetch(`${url}/`)).json()) as Answer;
  expect(about.name).toBe("Embedded Airbyte");
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
});
