import { createServer, type RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import type { Used } from "../../../scripts/commands/doctor/server.ts";
import { faker, send, start, unknownId } from "../../embedded/start.ts";
import { examine, id, listening, serverThat } from "./doctor.ts";

describe("an Airbyte that is in order", () => {
  test("passes every step, and its secret is not shown", async () => {
    const { url, clientId, clientSecret, workspaceId } = await start();
    const { text, code } = await examine({ url, clientId, clientSecret });
    expect(code).toBe(0);
    expect(text.split("\n").map((line) => line.slice(0, 19).trim().split(/\s+/))).toEqual([
      ["ok", "reach"],
      ["ok", "TLS"],
      ["ok", "health"],
      ["ok", "token"],
      ["ok", "workspace"],
      [expect.stringMatching(/ok|info/), "definitions"],
    ]);
    expect(text).toContain(`${workspaceId} Default Workspace`);
    expect(text).not.toContain(clientSecret);
  });
});

describe("wrong credentials", () => {
  test("fail at the token and name the two settings, without the secret", async () => {
    const { url, clientId } = await start();
    const { text, failures, code } = await examine({ url, clientId, clientSecret: id.clientSecret });
    expect([failures, code]).toEqual([["token"], 1]);
    expect(text).toContain("Airbyte refuses clientId and clientSecret");
    expect(text).toContain("npm run pulumi -- config set --secret clientSecret");
    expect(text).toContain("workspace, definitions not tried after token");
    expect(text).not.toContain(id.clientSecret);
  });
});

describe("other ways to sign in, and other APIs", () => {
  test("a bearer token, good and worn out", async () => {
    const { url, token } = await start();
    const good = await examine({ url, auth: "bearer", bearerToken: token });
    expect(good.code).toBe(0);
    expect(good.text).toContain("the stack's bearerToken is taken");
    const { text, failures } = await examine({ url, auth: "bearer", bearerToken: "w0rn-out-token" });
    expect(failures).toEqual(["token"]);
    expect(text).toContain("Airbyte refuses bearerToken");
    expect(text).toContain("npm run pulumi -- config set --secret bearerToken");
    expect(text).not.toContain("w0rn-out-token");
  });

  test("its older API alone, as api: config says", async () => {
    const { url, clientId, clientSecret, workspaceId } = await start();
    const { text, code } = await examine({ url, clientId, clientSecret, api: "config" });
    expect([code, text]).toEqual([0, expect.stringContaining(`${workspaceId} Default Workspace`)]);
  });

  test("an Airbyte without authentication needs nothing", async () => {
    const { url } = await start({ auth: "none" });
    const { text, code } = await examine({ url, auth: "none" });
    expect(code).toBe(0);
    expect(text).toContain("none is asked for");
  });

  test("one that wants to know who asks is no place for auth: none", async () => {
    const { text, failures } = await examine({ url: (await start()).url, auth: "none" });
    expect(failures).toEqual(["token"]);
    expect(text).toContain("npm run pulumi -- config set auth application");
  });

  test("an old server that has the config API alone, behind Basic authentication", async () => {
    const { url, clientId, clientSecret } = await start({ publicApi: false, basicAuth: true });
    const basic = { url, auth: "basic" as const, basicUsername: clientId };
    const { text, code } = await examine({ ...basic, basicPassword: clientSecret });
    expect(text).toContain("Airbyte says that it is well, by its config API");
    expect(code).toBe(0);
    const refused = await examine({ ...basic, basicPassword: "n0t-the-password" });
    expect(refused.failures).toEqual(["token"]);
    expect(refused.text).toContain("basicUsername and basicPassword are refused");
  });
});

describe("the workspace", () => {
  test("that isn't there is an error that lists those that are", async () => {
    const { url, clientId, clientSecret, workspaceId } = await start();
    const { text, failures } = await examine({ url, clientId, clientSecret, workspaceId: unknownId });
    expect(failures).toEqual(["workspace"]);
    expect(text).toContain(`there is no workspace ${unknownId} here`);
    expect(text).toContain(`${workspaceId}  Default Workspace`);
    expect(text).toContain("npm run pulumi -- config set workspaceId ID");
  });

  test("must be named where there are several, and then is found", async () => {
    const { url, api, token, clientId, clientSecret, workspaceId } = await start();
    await send("POST", `${api}/workspaces`, token, { name: "Second" });
    const { text, failures } = await examine({ url, clientId, clientSecret });
    expect(failures).toEqual(["workspace"]);
    expect(text).toContain("there are 2, and the stack doesn't say which");
    expect((await examine({ url, clientId, clientSecret, workspaceId })).code).toBe(0);
  });
});

describe("definitions", () => {
  const airbyte: RequestListener = (request, response) => {
    const answers: Record<string, unknown> = {
      "/api/public/v1/applications/token": { access_token: "t", expires_in: 180 },
      "/api/public/v1/workspaces": { data: [{ workspaceId: unknownId }] },
      "/api/v1/source_definitions/list_for_workspace": {
        sourceDefinitions: [{ sourceDefinitionId: faker, name: "Faker" }],
      },
      "/api/v1/destination_definitions/list_for_workspace": {
        destinationDefinitions: [{ destinationDefinitionId: faker, name: "Faker" }],
      },
    };
    const path = (request.url ?? "").split("?")[0] ?? "";
    response.end(path.endsWith("/health") ? "Successful operation" : JSON.stringify(answers[path]));
  };

  test("are counted, and those that the pipelines use are found by id and by name", async () => {
    const used: Used[] = [
      { kind: "source", name: "users", definitionId: faker },
      { kind: "destination", name: "warehouse", connector: "faker" },
    ];
    const { text, code } = await examine({ url: await serverThat(airbyte), ...id, used });
    expect(code).toBe(0);
    expect(text).toContain("1 source connectors, 1 destination connectors; all that the pipelines use are there");
  });

  test("that the pipelines use and this Airbyte hasn't are named with the source that wants them", async () => {
    const used: Used[] = [
      { kind: "source", name: "users", definitionId: unknownId },
      { kind: "destination", name: "warehouse", connector: "fakr" },
    ];
    const { text, failures } = await examine({ url: await serverThat(airbyte), ...id, used });
    expect(failures).toEqual(["definitions"]);
    expect(text).toContain(`sources.users.definitionId: no source connector has the id ${unknownId}`);
    expect(text).toMatch(/destinations\.warehouse\.connector: .*"fakr"; did you mean "faker"/);
  });

  test("are no condition where the older API, which alone lists them, isn't served", async () => {
    const url = await serverThat((request, response) => {
      if (!request.url?.startsWith("/api/v1/")) return void airbyte(request, response);
      response.writeHead(404).end("{}");
    });
    const { text, code } = await examine({ url, ...id });
    expect(code).toBe(0);
    expect(text).toContain("this Airbyte doesn't list its connectors");
  });
});

describe("a wrong address", () => {
  test("where nothing listens: the server is down", async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const { text, failures } = await examine({ url: `http://127.0.0.1:${port}`, ...id });
    expect(failures).toEqual(["reach"]);
    expect(text).toContain(`nothing listens at 127.0.0.1:${port}: the server is down`);
    expect(text).toContain("Next step: start Airbyte, or correct the address");
    expect(text).toContain("TLS, health, token, workspace, definitions not tried after reach");
  });

  test.each([
    ["a web page", 200, "text/html", "<!doctype html><title>Welcome</title>", 'an HTML page titled "Welcome"'],
    ["a page that says 404", 404, "text/html", "<html><h1>Not found</h1></html>", "an HTML page"],
    ["another API", 404, "application/json", '{"message": "no route"}', "no route"],
    ["404 without words", 404, "text/plain", "", "404"],
  ])("that answers with %s is something else than Airbyte", async (_, status, type, body, shown) => {
    const url = await serverThat((_request, response) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
    const { text, failures } = await examine({ url, ...id });
    expect(failures).toEqual(["health"]);
    expect(text).toContain(`something else than Airbyte answers at ${url}/api/public/v1`);
    expect(text).toContain(shown);
    expect(text).toContain("npm run pulumi -- config set url ADDRESS");
  });

  test("that redirects is not followed, and the new address is named", async () => {
    const url = await serverThat((request, response) => {
      response.writeHead(308, { location: `https://new.example.com${request.url ?? ""}` }).end();
    });
    const { text, failures } = await examine({ url, ...id });
    expect(failures).toEqual(["health"]);
    expect(text).toContain("npm run pulumi -- config set url https://new.example.com\n");
  });
});

describe("a server in trouble", () => {
  test("that asks for a login of its own is told from wrong credentials", async () => {
    const url = await serverThat((_, response) => response.writeHead(401).end("Unauthorized"));
    const { text, failures } = await examine({ url, ...id });
    expect(failures).toEqual(["health"]);
    expect(text).toContain("a login is asked for before Airbyte is reached (401");
  });

  test("whose database is away is not well", async () => {
    const url = await serverThat((_, response) => {
      response.writeHead(503, { "retry-after": "0" }).end(JSON.stringify({ title: "service-unavailable" }));
    });
    const { text, failures } = await examine({ url, ...id });
    expect(failures).toEqual(["health"]);
    expect(text).toContain("is not well (503: service-unavailable)");
  });
});
