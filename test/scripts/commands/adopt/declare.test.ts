import { expect, test } from "vitest";
import type { Context } from "../../../../providers/airbyte/lifecycle/handler.ts";
import type { Connection, Json } from "../../../../providers/airbyte/api/types.ts";
import { parseYaml } from "../../../../declaration/document.ts";
import { Mistakes } from "../../../../declaration/mistakes.ts";
import { declareAll } from "../../../../scripts/commands/adopt/declare.ts";
import { Names, Secret, type Declared, type Found } from "../../../../scripts/commands/adopt/model.ts";
import { Secrets } from "../../../../scripts/commands/adopt/making.ts";
import { typescriptOf } from "../../../../scripts/commands/adopt/typescript.ts";
import { yamlOf } from "../../../../scripts/commands/adopt/yaml.ts";

const SCHEMA: object = {
  type: "object",
  properties: {
    host: { type: "string" },
    hots: { type: "string" },
    password: { type: "string", airbyte_secret: true },
    port: { type: "integer" },
  },
};
const SPECIFICATION = { connector: "thing", schema: SCHEMA };

function declare(
  objects: Found[],
  {
    hasConfigApi = true,
    schema = SCHEMA,
    known = {},
  }: { hasConfigApi?: boolean; schema?: object | null; known?: object } = {},
) {
  const names = new Names();
  for (const { kind, id } of objects) names.set(kind, id, `the-${id}`);
  const connectors = {
    nameOf: () => Promise.resolve("thing"),
    specification: () => Promise.resolve(schema ? { ...SPECIFICATION, schema } : undefined),
  };
  const airbyte = { api: { hasConfigApi }, connectors } as unknown as Pick<Context, "api" | "connectors">;
  const secrets = new Secrets([]);
  return declareAll(objects, {
    airbyte,
    stackWorkspaceId: "w",
    names,
    secrets,
    known: new Map(Object.entries(known)) as Map<string, Json>,
  });
}

function source(configuration: object): Found {
  const object = {
    id: "s",
    name: "Source",
    workspaceId: "w",
    definitionId: "d",
    configuration,
    resourceAllocation: { default: null },
  };
  return { kind: "sources", id: "s", display: "Source", workspaceId: "w", object };
}

function connection(settings: Partial<Connection>): Found {
  const streams = [{ name: "users", syncMode: "full_refresh_append" }];
  const object = {
    connectionId: "c",
    name: "the-c",
    sourceId: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
    destinationId: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c14",
    workspaceId: "w",
    status: "active",
    configurations: { streams },
    ...settings,
  };
  return { kind: "connections", id: "c", display: "the-c", workspaceId: "w", object };
}

const settingsOf = ({ entries }: Declared) => entries[0]?.settings;

test("a region is declared with the organization that it is of", async () => {
  const object = { id: "r", name: "the-r", organizationId: "8a7e1a9c-5d0b-4c5e-9c5d-0d8f6a3b2c11", enabled: false };
  const declared = await declare([{ kind: "regions", id: "r", display: "the-r", workspaceId: "", object }]);
  expect(settingsOf(declared)).toEqual({ organizationId: "8a7e1a9c-5d0b-4c5e-9c5d-0d8f6a3b2c11", enabled: false });
});

test("a mask becomes the secret that Airbyte has, or its value where that is known; what the state would seal is one too", async () => {
  const masked = source({ host: "h", password: "**********", port: 1 });
  const stored = await declare([masked]);
  expect(settingsOf(stored)).toEqual({
    connector: "thing",
    name: "Source",
    configuration: { host: "h", password: new Secret("theSPassword", undefined), port: 1 },
  });
  const known = await declare([masked], { known: { s: { password: "p" } } });
  expect(known.secrets).toEqual([new Secret("theSPassword", "p")]);
  const shown = await declare([source({ host: "h", password: "p" })]);
  expect(shown.secrets).toEqual([new Secret("theSPassword", "p")]);
  const byKeys = await declare([source({ host: "h", token: "t" })], { schema: null });
  expect(byKeys.secrets).toEqual([new Secret("theSToken", "t")]);
  // What the specification doesn't know, and an address with a password in it.
  const schema = { ...SCHEMA, additionalProperties: true };
  const old = await declare([source({ host: "mongodb://u:pw@h/x", api_key: "k", region: "eu" })], { schema });
  expect(old.secrets).toEqual([new Secret("theSHost", "mongodb://u:pw@h/x"), new Secret("theSApiKey", "k")]);
  expect(JSON.stringify(settingsOf(old)?.configuration)).toContain('"region":"eu"');
});

test("a key that every preview would stop at is left out with a note; what a specification refuses is left alone", async () => {
  const renamed = await declare([source({ host: "h", port: 1, hotss: "x" })]);
  expect(settingsOf(renamed)?.configuration).toEqual({ host: "h", port: 1 });
  expect(renamed.entries[0]?.notes).toEqual([expect.stringContaining("hotss")]);
  const refused = await declare([source({ host: "h", port: "many" })]);
  expect(refused.entries).toEqual([]);
  expect(refused.leftOut).toMatchObject([
    { id: "s", why: expect.stringContaining("configuration.port: expected") as string },
  ]);
});

test("of a connection only what differs from Airbyte's defaults is said, and what can't be said is a comment", async () => {
  expect(settingsOf(await declare([connection({})]))).toEqual({
    source: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
    destination: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c14",
    schedule: "manual",
    streams: [{ name: "users", syncMode: "full_refresh_append" }],
  });
  const zoned = connection({ schedule: { scheduleType: "cron", cronExpression: "0 0 3 * * ? Europe/Berlin" } });
  expect(settingsOf(await declare([zoned]))?.schedule).toEqual({ cron: "0 0 3 * * ?", timeZone: "Europe/Berlin" });
  for (const [odd, words] of [
    [connection({ schedule: { scheduleType: "basic", basicTiming: "Every 24 HOURS" } }), "Every 24 HOURS"],
    [connection({ schedule: { scheduleType: "cron", cronExpression: "* * * * * ?" } }), "every second"],
    [connection({ configurations: { streams: [{ name: "a*" }] } }), "pattern"],
    [connection({ status: "locked" }), "status"],
    [
      connection({ configurations: { streams: [{ name: "a", selectedFields: [{ fieldPath: ["x", "y"] }] }] } }),
      "selectedFields",
    ],
  ] as const) {
    const { entries } = await declare([odd]);
    expect(entries[0]?.notes.join(), words).toContain(words);
  }
  const inZone = await declare([zoned], { hasConfigApi: false });
  expect(inZone.entries[0]?.notes.join()).toContain("time zone");
});

test("streams: a mode that all have is said once, names stand for paths, and the key of an encryption is a secret", async () => {
  const mode = { syncMode: "incremental_deduped_history" };
  const encryption = (key: string) => ({
    id: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c15",
    type: "encryption",
    mapperConfiguration: { algorithm: "AES", key },
  });
  const streams = [
    {
      name: "b",
      ...mode,
      cursorField: ["at"],
      primaryKey: [["id"], ["nested", "id"]],
      selectedFields: [],
      mappers: [],
    },
    { name: "a", ...mode, namespace: null, mappers: [encryption("k")] },
    { name: "c", ...mode, mappers: [encryption("**********")] },
    { name: "d", ...mode },
  ];
  const { entries, secrets } = await declare([connection({ configurations: { streams } })]);
  const { id, ...shown } = encryption("k");
  expect(entries[0]?.settings).toMatchObject({
    streamDefaults: mode,
    streams: [
      {
        name: "a",
        mappers: [{ ...shown, mapperConfiguration: { algorithm: "AES", key: new Secret("theCKey", "k") } }],
      },
      { name: "b", cursorField: "at", primaryKey: ["id", ["nested", "id"]] },
      { name: "c", mappers: [{ id, type: "encryption" }] },
      "d",
    ],
  });
  expect(secrets).toEqual([new Secret("theCKey", "k")]);
});

test("streams: a cursor and a key that the mode has no use for aren't said, whatever Airbyte shows", async () => {
  const own = { cursorField: ["updated_at"], primaryKey: [["id"]] };
  const modes = ["full_refresh_append", "full_refresh_overwrite_deduped", "incremental_append", undefined];
  const streams = modes.map((syncMode, index) => ({ name: `s${index}`, syncMode, ...own }));
  expect(settingsOf(await declare([connection({ configurations: { streams } })]))?.streams).toEqual([
    { name: "s0", syncMode: modes[0] },
    { name: "s1", syncMode: modes[1], primaryKey: ["id"] },
    { name: "s2", syncMode: modes[2], cursorField: "updated_at", primaryKey: ["id"] },
    "s3",
  ]);
});

test("a file says again what was declared, whatever its texts look like", async () => {
  const texts = {
    host: "${secret:x} and $${y}",
    plain: "${SOURCE_NAMESPACE}",
    lines: "a\n\nsources:\n  b: 1\n",
    yes: "yes",
    number: "0123",
  };
  const properties = Object.fromEntries(Object.keys(texts).map((key) => [key, { type: "string" }]));
  const declared = await declare([source(texts), connection({})], { schema: { type: "object", properties } });
  const form = { adopt: true, unknownSecrets: "stored" } as const;
  const text = yamlOf(
    { ...declared, leftOut: [{ kind: "tags", id: "t", display: "x\ny", why: "so" }] },
    { form, head: "# made" },
  );
  const { data } = parseYaml("x.yaml", text, new Mistakes())!;
  expect(data.sources).toEqual({
    "the-s": {
      adopt: "s",
      connector: "thing",
      name: "Source",
      configuration: { ...texts, host: "$${secret:x} and $$${y}" },
    },
  });
  expect(text).toContain('#   tag "x\\ny" (t): so');
});

test("what Airbyte calls a thing that is left alone stays inside its comment, in YAML and in TypeScript", () => {
  const ends = ["\n", "\r", "\u2028", "\u2029", "\u0085"];
  const leftOut = ends.map((end) => {
    return { kind: "tags" as const, id: `t${end}evil:`, display: `x${end}evil:`, why: `so${end}evil:` };
  });
  const declared = { entries: [], leftOut, secrets: [] };
  const form = { adopt: true, unknownSecrets: "stored" } as const;
  const code = typescriptOf(declared, { form, head: "// made", door: "./x.ts", names: new Names() });
  for (const text of [yamlOf(declared, { form, head: "# made" }), code]) {
    const lines = text.split(/[\n\r\u2028\u2029\u0085]/).filter((line) => line.includes("evil"));
    expect(lines).toHaveLength(ends.length);
    for (const line of lines) expect(line).toMatch(/^(#|\/\/) {3}/);
  }
});
