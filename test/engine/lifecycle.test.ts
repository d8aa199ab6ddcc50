import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { hasData, stop } from "../../embedded/index.ts";
import { command, Project } from "./project.ts";
import { API, GOOGLE_SHEETS, PIPELINES, sampleProject, SECRETS } from "./sample.ts";

test("up creates all, a second up changes nothing, an edit is patched in place, drift is shown and repaired, destroy takes all away", async () => {
  const project = await sampleProject();

  const first = await project.up();
  expect(first.text).toMatch(/8 created/);
  const ids = await project.ids();
  expect((await project.onServer("sources")).map((source) => source.name).sort()).toEqual(["orders", "users"]);
  expect(await project.byHand("GET", `${API}/connections/${ids["Connection/users-to-warehouse"]}`)).toMatchObject({
    status: "active",
    prefix: "raw_",
    schedule: { scheduleType: "cron", cronExpression: "0 0 6 * * ? UTC" },
  });

  expect((await project.up()).text).toMatch(/8 unchanged/);

  // An edit: exactly the edited field, exactly one update.
  project.edit("pipelines.yaml", "count: 100", "count: 250");
  expect(await project.preview()).toEqual([
    { op: "update", type: "Source", name: "users", fields: ["configuration.count"] },
  ]);
  expect((await project.up()).text).toMatch(/1 updated\n\s+7 unchanged/);
  expect(await project.ids()).toEqual(ids);
  expect(await project.byHand("GET", `${API}/sources/${ids["Source/users"]}`)).toMatchObject({
    configuration: { count: 250 },
  });

  // An edit behind Pulumi's back.
  const connection = `${API}/connections/${ids["Connection/users-to-warehouse"]}`;
  await project.byHand("PATCH", connection, { status: "inactive", prefix: "hand_" });
  await project.byHand("PATCH", `${API}/destinations/${ids["Destination/warehouse"]}`, {
    configuration: { host: "evil.example.com" },
  });
  expect((await project.refresh()).text).toMatch(/2 updated/);
  expect(await project.preview()).toEqual([
    { op: "update", type: "Destination", name: "warehouse", fields: ["configuration.host"] },
    { op: "update", type: "Connection", name: "users-to-warehouse", fields: ["prefix", "status"] },
  ]);
  await project.up();
  expect(await project.byHand("GET", connection)).toMatchObject({ status: "active", prefix: "raw_" });
  expect((await project.refresh()).text).toMatch(/8 unchanged/);
  expect((await project.up()).text).toMatch(/8 unchanged/);

  // After a reboot the server stands still: every command starts it, with its data, and nothing changes.
  await stop(project.dataDir);
  expect(await project.preview()).toEqual([]);
  expect((await project.refresh()).text).toMatch(/8 unchanged/);

  await project.destroy();
  expect(await project.resources()).toEqual([]);
  expect(existsSync(project.dataDir)).toBe(false);
});

test("on a fresh checkout npm run preview shows what npm start would make, and leaves nothing but an empty stack", async () => {
  const project = new Project({ pipelines: PIPELINES.replace("sheetKey", "googleServiceAccount") });
  const shown = await command(project, "preview", []);
  expect(shown.text).toContain('Made the stack "dev"');
  expect(shown.text).toMatch(/\+ 8 to create/);
  expect(shown.code).toBe(0);
  expect(await project.resources()).toEqual([]);
  expect(hasData(project.dataDir)).toBe(false);
});

test("nothing secret is ever in the state, in the outputs, or on the screen, and no resource has a trace of the code", async () => {
  const project = await sampleProject();
  const runs = [await project.up()];
  project.edit("pipelines.yaml", "host: db.example.com", "host: db2.example.com");
  runs.push(await project.must("preview", "--diff", "--stack", "dev"), await project.up(), await project.refresh());
  runs.push(
    await project.must("stack", "export", "--stack", "dev"),
    await project.must("stack", "output", "--json", "--stack", "dev"),
  );
  const { clientSecret } = await import("../../embedded/index.ts").then((launch) =>
    launch.ensureRunning(project.dataDir),
  );
  for (const secret of [...Object.values(SECRETS), clientSecret]) {
    for (const { text } of runs) expect(text).not.toContain(secret);
  }
  const sources = (await project.resources()).filter(({ type }) => type.endsWith(":Source"));
  expect(sources.length).toBeGreaterThan(0);
  for (const source of sources) expect(source).not.toHaveProperty("stackTrace"); // a sixth of the state otherwise
  const providers = (await project.resources()).flatMap(
    ({ inputs }) => (inputs?.__provider as string | undefined) ?? [],
  );
  expect(providers).toHaveLength(7);
  for (const text of providers) expect(text.length).toBeLessThan(150);
  expect(new Set(providers).size).toBe(5);
});

test("another connector replaces the source and its connection: the new source first, the old one last", async () => {
  const project = await sampleProject();
  await project.up();
  const before = await project.ids();
  project.write(
    "pipelines.yaml",
    PIPELINES.replace(
      /users:\n {4}definitionId: \S+\n {4}configuration: \{ count: 100 \}/,
      `users:\n    definitionId: ${GOOGLE_SHEETS}\n    configuration: { spreadsheet_id: x, credentials: { auth_type: Service, service_account_info: "\${secret:sheetKey}" } }`,
    ).replace("streams: [{ name: users, syncMode: incremental_deduped_history }]", ""),
  );
  const run = await project.up();
  expect(run.text).toContain('warning: connection "users-to-warehouse" is replaced: its sync state is lost');
  const after = await project.ids();
  for (const changed of ["Source/users", "Connection/users-to-warehouse"])
    expect(after[changed]).not.toBe(before[changed]);
  for (const kept of ["Source/orders", "Destination/warehouse", "Connection/orders-to-warehouse"]) {
    expect(after[kept]).toBe(before[kept]);
  }
  const order = [
    /Source users created/,
    /Connection users-to-warehouse deleted/,
    /Connection users-to-warehouse created/,
    /Source users deleted/,
  ];
  const places = order.map((step) => run.text.search(step));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(await project.onServer("sources")).toHaveLength(2);
  expect(await project.onServer("connections")).toHaveLength(2);
});

test("with keepData, destroy empties the server and leaves its data folder, and a new up goes on with it", async () => {
  const project = await sampleProject();
  await project.must("config", "set", "--path", "embedded.keepData", "true");
  await project.must("config", "set", "--path", "embedded.connectors", "simulated");
  await project.up();
  const { workspaceId } = JSON.parse((await project.must("stack", "output", "--json")).stdout) as {
    workspaceId: string;
  };
  await project.destroy();
  expect(existsSync(project.dataDir)).toBe(true);
  for (const kind of ["sources", "destinations", "connections"] as const)
    expect(await project.onServer(kind)).toEqual([]);
  await project.up();
  expect((await project.must("stack", "output", "workspaceId")).stdout.trim()).toBe(workspaceId);
});

test("a failure in the middle of an up leaves a state from which the next up finishes, without duplicates", async () => {
  const project = await sampleProject();
  await project.must("config", "set", "--path", "embedded.faults", "true");
  await project.must("config", "set", "--path", "embedded.connectors", "simulated");
  await project.up(
    "--target",
    "urn:pulumi:dev::airbyte-on-pulumi::pulumi-nodejs:dynamic/airbyte:EmbeddedServer::airbyte",
  );
  await project.byHand("POST", "/faults", {
    next: [
      { count: 1, method: "POST", path: "/sources$", status: 500 },
      { count: 1, method: "POST", path: "/destinations$", drop: "after" },
    ],
  });
  const failed = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(failed.code).not.toBe(0);
  expect(failed.text).toMatch(/Could not create source "(users|orders)"/);
  await project.up();
  expect(await project.onServer("sources")).toHaveLength(2);
  expect(await project.onServer("destinations")).toHaveLength(1);
  expect(await project.onServer("connections")).toHaveLength(2);
  expect((await project.up()).text).toMatch(/8 unchanged/);
});
