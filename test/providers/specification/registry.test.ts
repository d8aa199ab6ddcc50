import { expect, test } from "vitest";
import type { Definition, JsonObject } from "../../../providers/airbyte/api/types.ts";
import { checkConfiguration } from "../../../providers/airbyte/specification/check.ts";
import { Connectors } from "../../../providers/airbyte/specification/connectors.ts";
import { ConnectorRegistry } from "../../../providers/airbyte/specification/registry.ts";
import { scriptedServer } from "../api/scripted-server.ts";

const spec = { connectionSpecification: { type: "object", properties: { host: { type: "string" } } } };
const REGISTRY = {
  sources: [
    {
      sourceDefinitionId: "s-1",
      name: "Google Sheets",
      dockerRepository: "airbyte/source-google-sheets",
      dockerImageTag: "1.2.3",
      spec,
    },
    { sourceDefinitionId: "s-2", name: "Twin", dockerRepository: "mine/source-twin" },
    { sourceDefinitionId: "s-3", name: "Other", dockerRepository: "yours/source-twin" },
  ],
  destinations: [
    { destinationDefinitionId: "d-1", name: "Postgres", dockerRepository: "airbyte/destination-postgres", spec },
  ],
};

test("a connector is found by its short name or its display name, once for all", async () => {
  const { url, calls } = await scriptedServer([{ body: REGISTRY }]);
  const connectors = new Connectors(new ConnectorRegistry(`${url}/registry.json`));
  for (const name of ["google-sheets", "Google Sheets", "source-google-sheets"]) {
    expect(await connectors.resolve("source", name, "w")).toEqual({ id: "s-1" });
  }
  expect(await connectors.resolve("destination", "postgres", "w")).toEqual({ id: "d-1" });
  expect(await connectors.version("source", "s-1", "w")).toBe("1.2.3");
  expect(await connectors.specification("destination", "d-1", "w")).toEqual({
    connector: "postgres",
    schema: spec.connectionSpecification,
  });
  expect(calls).toHaveLength(1);
});

test.each<[string, JsonObject, boolean]>([
  ["by references", { $ref: "#/$defs/x", $defs: { x: { allOf: [{ properties: { host: {} } }] } } }, true],
  ["by patterns of keys", { patternProperties: { "^token_": { airbyte_secret: true } } }, true],
  ["nothing", { type: "object", additionalProperties: true }, false],
  ["nothing at all", {}, false],
])("a specification may say it in other ways than by its properties: %s", async (_, schema, isOne) => {
  const definitions = [{ id: "s-1", name: "Thing" }] as Definition[];
  const source = {
    listDefinitions: () => Promise.resolve(definitions),
    getSpecification: () => Promise.resolve(schema),
  };
  const found = await new Connectors(source).specification("source", "s-1", "w");
  expect(found).toEqual(isOne ? { connector: "thing", schema } : undefined);
});

test("an unknown name names the nearest, an ambiguous one all that it may mean", async () => {
  const { url } = await scriptedServer([{ body: REGISTRY }]);
  const connectors = new Connectors(new ConnectorRegistry(url));
  expect(await connectors.resolve("source", "gogle-sheets", "w")).toEqual({
    mistake: {
      path: ["connector"],
      text: 'this Airbyte has no source connector "gogle-sheets"; did you mean "google-sheets"?',
    },
  });
  expect(await connectors.resolve("source", "twin", "w")).toMatchObject({
    mistake: { text: expect.stringMatching(/s-2 \(mine\/source-twin\), s-3 \(yours\/source-twin\)/) as string },
  });
});

test("Airbyte's own connector wins over one that somebody added, and what a run makes over nothing that was there", async () => {
  const own = { dockerRepository: "airbyte/source-faker", custom: true };
  const definitions: Definition[] = [
    { id: "mine", name: "Users", ...own },
    { id: "public", name: "Sample Data", dockerRepository: "airbyte/source-faker", custom: false },
    { id: "erp", name: "ERP", dockerRepository: "me/source-erp", custom: true },
  ];
  const connectors = new Connectors({
    listDefinitions: () => Promise.resolve([...definitions]),
    getSpecification: () => Promise.resolve(undefined),
  });
  const meant = (name: string) => connectors.resolve("source", name, "w");
  expect(await meant("faker")).toEqual({ id: "public" });
  expect(await meant("users")).toEqual({ id: "mine" });
  expect(await connectors.nameOf("source", "public", "w")).toBe("faker");
  expect(await connectors.nameOf("source", "mine", "w")).toBe("users");
  expect(await connectors.all("source", "w")).toEqual([
    { id: "public", name: "faker" },
    { id: "erp", name: "erp" },
  ]);

  // What a preview found is what is meant when the definitions of the same program have been made.
  expect(await meant("erp")).toEqual({ id: "erp" });
  definitions.push({ id: "erp-2", name: "ERP", dockerRepository: "me/source-erp", custom: true });
  connectors.forget("erp-2");
  expect(await meant("erp")).toEqual({ id: "erp" });
  // The next run knows no more which was first, and says so in its preview.
  const next = new Connectors({
    listDefinitions: () => Promise.resolve(definitions),
    getSpecification: () => Promise.resolve(undefined),
  });
  expect(await next.resolve("source", "erp", "w")).toMatchObject({
    mistake: { text: expect.stringContaining("several") as string },
  });
});

test("what is near nothing gets the list, in the order of letters, and how many more there are", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `Connector ${String(index).padStart(2, "0")}`).reverse();
  const definitions = [...names, "S3"].map((name) => ({ id: name, name }));
  const connectors = new Connectors({
    listDefinitions: () => Promise.resolve(definitions),
    getSpecification: () => Promise.resolve(undefined),
  });
  expect(await connectors.resolve("source", "csv", "w")).toMatchObject({
    mistake: {
      text: expect.stringMatching(
        /^this Airbyte has no source connector "csv" \(known: connector-00, .*, connector-19, … and 11 more\)$/,
      ) as string,
    },
  });
});

test("a low-code connector of one's own is known by its name, not by that of its runner", async () => {
  const image = { dockerRepository: "airbyte/source-declarative-manifest", custom: true };
  const definitions = [
    { id: "shop", name: "Web Shop", ...image },
    { id: "crm", name: "CRM", ...image },
  ];
  const connectors = new Connectors({
    listDefinitions: () => Promise.resolve(definitions),
    getSpecification: () => Promise.resolve({ required: ["url"], properties: { url: { type: "string" } } }),
  });
  const specification = await connectors.specification("source", "shop", "w");
  expect(checkConfiguration({}, specification!).mistakes).toEqual([
    { path: ["configuration", "url"], text: "Web Shop requires it" },
  ]);
  expect(await connectors.resolve("source", "web-shop", "w")).toEqual({ id: "shop" });
  expect(await connectors.nameOf("source", "shop", "w")).toBe("web-shop");
  // A declaration that an earlier version wrote goes on meaning what it meant.
  definitions.pop();
  connectors.forget();
  expect(await connectors.resolve("source", "declarative-manifest", "w")).toEqual({ id: "shop" });
});

test("a custom connector, which the registry doesn't know, is not checked", async () => {
  const { url } = await scriptedServer([{ body: REGISTRY }]);
  const connectors = new Connectors(new ConnectorRegistry(url));
  expect(await connectors.specification("source", "s-2", "w")).toBeUndefined();
  expect(await connectors.specification("source", "custom", "w")).toBeUndefined();
});

test("a registry that can't be read says so, and is asked again", async () => {
  const { url, calls } = await scriptedServer([{ status: 404 }, { body: REGISTRY }]);
  const connectors = new Connectors(new ConnectorRegistry(url));
  await expect(connectors.resolve("source", "twin", "w")).rejects.toThrow(/answered 404 without a list/);
  expect(await connectors.resolve("source", "google-sheets", "w")).toEqual({ id: "s-1" });
  expect(calls).toHaveLength(2);
});
