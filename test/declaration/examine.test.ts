import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examinePipelines, type ExaminedAirbyte } from "../../declaration/examine.ts";
import { offlineConnectors } from "../../embedded/index.ts";
import { ConfigurationError } from "../../errors/user-error.ts";
import { createDestination, createSource, start } from "../embedded/start.ts";
import { project, values } from "./project.ts";

const stateDir = mkdtempSync(join(tmpdir(), "examined-"));
afterAll(() => {
  rmSync(stateDir, { recursive: true });
});

/** Settings of the stack. */
function set(settings: Record<string, string>): void {
  const entries = Object.entries({ stateDir, ...settings });
  pulumi.runtime.setAllConfig(
    Object.fromEntries(entries.map(([key, value]) => [`${pulumi.getProject()}:${key}`, value])),
  );
}
beforeAll(() => {
  set({});
});

async function examine(files: Record<string, string>, airbyte: ExaminedAirbyte, stack = values()) {
  return examinePipelines(project(files), "pipelines.yaml", stack, airbyte);
}

async function mistakesOf(...args: Parameters<typeof examine>): Promise<readonly string[]> {
  try {
    await examine(...args);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
}

describe("before there is an Airbyte", () => {
  const airbyte = { url: "http://127.0.0.1:1", connectors: () => offlineConnectors("simulated") };

  test("mistakes in entries of several files come together with those of the files themselves, each at its place", async () => {
    const files = {
      "pipelines.yaml": `
sources:
  app: { connector: postgress, configuration: { host: h } }
  db:
    connector: postgres
    adpot: true
    configuration:
      host: h
      port: "5432"
      databse: d
      username: u
      password: "\${secret:pw}"
`,
      "pipelines/more.yaml": `
sources:
  sample: { connector: faker, configuration: { cuont: 10 } }
destinations:
  lake: { connector: dev-null, configuration: { test_destination: { test_destination_type: LOUD } } }
connections:
  flow: { source: dbb, destination: lake, status: paused }
`,
    };
    expect(await mistakesOf(files, airbyte, values({ pw: "hunter2-and-more" }))).toEqual([
      expect.stringMatching(
        /^pipelines\.yaml:3:21 sources\.app\.connector: this Airbyte has no source connector "postgress"; did you mean "postgres"/,
      ),
      'pipelines.yaml:6:12 sources.db.adpot: unknown key; did you mean "adopt"?',
      expect.stringMatching(/^pipelines\.yaml:9:13 sources\.db\.configuration\.port: expected integer/),
      "pipelines.yaml:10:16 sources.db.configuration.databse: `databse` is not a property of postgres; did you mean `database`?",
      "pipelines/more.yaml:3:55 sources.sample.configuration.cuont: `cuont` is not a property of faker; did you mean `count`?",
      expect.stringMatching(
        /^pipelines\/more\.yaml:5:92 destinations\.lake\.configuration\.test_destination\.test_destination_type: expected one of/,
      ),
      expect.stringMatching(
        /^pipelines\/more\.yaml:7:19 connections\.flow\.source: there is no source "dbb"; did you mean "db"\?/,
      ),
      expect.stringMatching(/^pipelines\/more\.yaml:7:51 connections\.flow\.status: expected one of active, inactive/),
    ]);
    expect(existsSync(join(stateDir, "examined.json"))).toBe(false);
  });

  test("what is right comes out as loading gives it, secrets as they were given", async () => {
    const secret = pulumi.secret("s3cret-value");
    const text = `sources: { db: { connector: postgres, configuration: { host: h, port: 1, database: d, username: u, password: "\${secret:pw}" } } }`;
    const { sources } = await examine({ "pipelines.yaml": text }, airbyte, values({ pw: secret }));
    expect(sources.db?.configuration.password).toBe(secret);
  });

  test("a choice that is misspelt is told as it was found, unless it came as a secret", async () => {
    const lake = (type: string) =>
      `destinations: { lake: { connector: dev-null, configuration: { test_destination: { test_destination_type: ${type} } } } }`;
    const told = (type: string) => mistakesOf({ "pipelines.yaml": lake(type) }, airbyte, values({ type: "SILENTT" }));
    expect(await told("SILENTT")).toEqual([expect.stringMatching(/; found "SILENTT"; did you mean "SILENT"\?$/)]);
    expect(await told('"${secret:type}"')).toEqual([
      expect.stringMatching(/; found a secret; did you mean "SILENT"\?$/),
    ]);
  });

  test("a secret is checked by what it is, and quoted by nobody", async () => {
    const text = `sources: { db: { connector: postgres, configuration: { host: h, port: "\${secret:port}", database: d, username: u } } }`;
    const [only, ...others] = await mistakesOf(
      { "pipelines.yaml": text },
      airbyte,
      values({ port: pulumi.secret("54a3b2") }),
    );
    expect(only).toContain("sources.db.configuration.port: expected integer");
    expect(only).not.toContain("54a3b2");
    expect(others).toEqual([]);
  });
});

describe("against an Airbyte that is there", () => {
  const withStreams = (streams: string) => ({
    "pipelines.yaml": `
sources: { Sample: { connector: faker, configuration: {} } }
destinations: { Warehouse: { connector: postgres, configuration: { host: h, port: 1, database: d, username: u, schema: s } } }
connections:
  flow:
    source: Sample
    destination: Warehouse
    streams: ${streams}
`,
  });

  test("streams are looked at once their source is there as it is declared, and what was right isn't looked at again", async () => {
    const server = await start();
    const { url, clientId, clientSecret } = server;
    set({ target: "existing", clientId, clientSecret });
    const airbyte = { url, isThere: true };
    expect(await mistakesOf(withStreams("[usres]"), airbyte)).toEqual([]);
    await createSource(server);
    await createDestination(server);
    const [mistake, ...others] = await mistakesOf(withStreams("[usres]"), airbyte);
    expect(mistake).toMatch(/^pipelines\.yaml:\d+:\d+ connections\.flow.*no stream "usres"; did you mean "users"\?$/);
    expect(others).toEqual([]);
    expect(await mistakesOf(withStreams("[users]"), airbyte)).toEqual([]);
    const file = join(stateDir, "examined.json");
    const { offers, passed } = JSON.parse(readFileSync(file, "utf8")) as { offers: object; passed: string[] };
    expect(Object.keys(offers)).toHaveLength(1);
    expect(passed).toHaveLength(3);
    await server.close();
    expect(await mistakesOf(withStreams("[users]"), airbyte)).toEqual([]);
  });

  test("an id of what others manage that isn't there is told where it stands", async () => {
    const { url, clientId, clientSecret } = await start();
    set({ target: "existing", clientId, clientSecret });
    const none = "00000000-0000-4000-8000-000000000000";
    const files = { "pipelines.yaml": `connections:\n  flow: { source: ${none}, destination: ${none} }\n` };
    expect(await mistakesOf(files, { url, isThere: true })).toEqual([
      `pipelines.yaml:2:19 connections.flow.source: this Airbyte has no source ${none}`,
      expect.stringMatching(/connections\.flow\.destination: this Airbyte has no destination /),
    ]);
  });

  test("one that refuses the stack's credentials, or doesn't answer, ends the run", async () => {
    const server = await start();
    const { url, clientId } = server;
    set({ target: "existing", clientId, clientSecret: "another-secret-altogether" });
    const run = () => examine(withStreams("[users, products]"), { url, isThere: true });
    await expect(run()).rejects.toThrow(pulumi.RunError);
    await expect(run()).rejects.not.toThrow("another-secret-altogether");
    await server.close();
    await expect(run()).rejects.toThrow(/Next step/);
  });
});

test("a connector of one's own is known by the manifest in the same files, before it is there", async () => {
  const manifest = {
    version: "6.48.0",
    type: "DeclarativeSource",
    spec: {
      type: "Spec",
      connection_specification: { type: "object", required: ["token"], properties: { token: { type: "string" } } },
    },
    streams: [{ type: "DeclarativeStream", name: "people", retriever: {} }],
  };
  const files = {
    "pipelines.yaml": `
declarativeSourceDefinitions: { crm: { manifestFile: crm.yaml } }
sources:
  app: { definition: crm, configuration: { tokn: t } }
destinations: { lake: { connector: dev-null, configuration: { test_destination: { test_destination_type: SILENT } } } }
connections:
  flow: { source: app, destination: lake, streams: [peopel] }
`,
    "crm.yaml": JSON.stringify(manifest),
  };
  const airbyte = { url: "http://127.0.0.1:1", connectors: () => offlineConnectors("simulated") };
  expect(await mistakesOf(files, airbyte)).toEqual([
    "pipelines.yaml:4:50 sources.app.configuration.tokn: `tokn` is not a property of crm; did you mean `token`?",
    expect.stringMatching(
      /^pipelines\.yaml:7:\d+ connections\.flow\.streams\[0\].* no stream "peopel"; did you mean "people"\?$/,
    ),
  ]);
});
