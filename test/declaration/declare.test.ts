import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { declarePipelines, pipelineTable } from "../../declaration/declare.ts";
import { faker, load, postgres, values } from "./project.ts";

let registered: pulumi.runtime.MockResourceArgs[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource(args) {
      registered.push(args);
      return { id: `id-of-${args.name}`, state: args.inputs as object };
    },
    call: () => ({}),
  });
});
beforeEach(() => {
  registered = [];
});

const text = `
sources: { users: { definitionId: ${faker}, configuration: { password: "\${secret:p}" } } }
destinations: { warehouse: { definitionId: ${postgres}, name: Warehouse, workspaceId: ${faker} } }
connections: { flow: { source: users, destination: warehouse, schedule: manual, streams: [orders] } }`;
const airbyte = { url: "http://127.0.0.1:8000", workspaceId: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13" };

const value = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

test("each declaration becomes a resource of its logical name, and connections refer to the two others by id", async () => {
  const { sources, destinations, connections } = declarePipelines(
    load(text, values({ p: pulumi.secret("s3cret") })),
    airbyte,
  );
  const { connection, source, destination } = connections.flow ?? {};
  expect([source, destination]).toEqual(["users", "warehouse"]);
  expect(await value(pulumi.output([sources.users?.id, destinations.warehouse?.id, connection?.id]))).toEqual([
    "id-of-users",
    "id-of-warehouse",
    "id-of-flow",
  ]);
  const inputs = Object.fromEntries(registered.map((resource) => [resource.name, resource.inputs as object]));
  expect(inputs.users).toMatchObject({ definitionId: faker, name: "users", workspaceId: airbyte.workspaceId });
  // How mocks show a value that holds a secret.
  expect(inputs.users).toMatchObject({ configuration: { value: { password: "s3cret" } } });
  expect(inputs.warehouse).toMatchObject({ name: "Warehouse", workspaceId: faker, configuration: {} });
  expect(inputs.flow).toMatchObject({
    name: "flow",
    sourceId: "id-of-users",
    destinationId: "id-of-warehouse",
    schedule: { scheduleType: "manual" },
    streams: [{ name: "orders" }],
  });
  expect(inputs.flow).not.toHaveProperty("source");
});

test("an end that others manage is given by its id", async () => {
  const ends = { source: "5a1f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13", destination: "6b2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13" };
  const declared = declarePipelines(load(`connections: { flow: ${JSON.stringify(ends)} }`), airbyte);
  await value(declared.connections.flow!.connection.id);
  const [flow] = registered;
  expect(flow?.inputs).toMatchObject({ sourceId: ends.source, destinationId: ends.destination });
  expect(pipelineTable(declared).flow).toMatchObject({ sourceId: ends.source, destinationId: ends.destination });
});

/** Where Pulumi's SDK keeps the option; mocks don't get to see it. */
const isProtected = (resource?: pulumi.Resource) => (resource as { __protect?: boolean } | undefined)?.__protect;

test("in production destinations and connections are protected, unless they say otherwise, and elsewhere those that ask for it", () => {
  const declared = `
sources: { a: { definitionId: ${faker} }, b: { definitionId: ${faker}, protect: true } }
destinations: { a: { definitionId: ${postgres} }, b: { definitionId: ${postgres}, protect: false } }
connections:
  a: { source: a, destination: a }
  b: { source: a, destination: a, protect: false }
  c: { source: a, destination: a, protect: true }`;
  const seen = (production: boolean) => {
    const { sources, destinations, connections } = declarePipelines(load(declared), airbyte, production);
    return [
      [sources.a, sources.b].map(isProtected),
      [destinations.a, destinations.b].map(isProtected),
      [connections.a, connections.b, connections.c].map((row) => isProtected(row?.connection)),
    ];
  };
  expect(seen(true)).toEqual([
    [false, true],
    [true, false],
    [true, false, true],
  ]);
  expect(seen(false)).toEqual([
    [false, true],
    [false, false],
    [false, false, true],
  ]);
});

test("what a declaration names becomes the id of that resource", async () => {
  const { permissions, connections } = declarePipelines(
    load(`
workspaces: { marketing: {}, sales: {} }
tags: { nightly: { color: 1F77B4, workspace: marketing } }
sourceDefinitions: { erp: { dockerRepository: me/source-erp, dockerImageTag: "1", workspace: marketing } }
declarativeSourceDefinitions: { shop: { manifest: { spec: {} } } }
destinationDefinitions: { lake: { dockerRepository: me/destination-lake, dockerImageTag: "1" } }
sources: { invoices: { definition: erp, workspace: marketing }, orders: { definition: shop }, users: { definitionId: ${faker}, workspaceId: ${faker} } }
destinations: { d: { definition: lake } }
connections:
  from-a: { source: invoices, destination: d, tags: [nightly, ${faker}] }
  from-b: { source: orders, destination: d }
  from-c: { source: users, destination: d }
  elsewhere: { source: users, destination: d, workspace: sales }
permissions:
  ann: { permissionType: workspace_reader, userId: ${faker}, workspace: marketing }
  bob: { permissionType: organization_admin, userId: ${faker}, organizationId: ${postgres} }
applications: { scheduler: {} }`),
    airbyte,
  );
  await value(pulumi.output(Object.values(permissions).map(({ id }) => id)));
  await value(pulumi.output(Object.values(connections).map(({ connection }) => connection.id)));
  const inputs = Object.fromEntries(registered.map((resource) => [resource.name, resource.inputs as object]));
  const own = airbyte.workspaceId;
  expect(inputs).toMatchObject({
    nightly: { name: "nightly", color: "1F77B4", workspaceId: "id-of-marketing" },
    erp: { workspaceId: "id-of-marketing" },
    shop: { workspaceId: own, manifest: { spec: {} } },
    invoices: { definitionId: "id-of-erp", workspaceId: "id-of-marketing" },
    orders: { definitionId: "id-of-shop", workspaceId: own },
    d: { definitionId: "id-of-lake", workspaceId: own },
    "from-a": { workspaceId: "id-of-marketing", tags: ["id-of-nightly", faker] },
    "from-b": { workspaceId: own },
    "from-c": { workspaceId: faker },
    elsewhere: { workspaceId: "id-of-sales" },
    ann: { workspaceId: "id-of-marketing", permissionType: "workspace_reader" },
    bob: { organizationId: postgres },
  });
  expect(inputs.bob).not.toHaveProperty("workspaceId");
  for (const name of ["marketing", "scheduler"]) expect(inputs[name]).not.toHaveProperty("workspaceId");
  for (const name of ["invoices", "from-a", "nightly"]) expect(inputs[name]).not.toHaveProperty("workspace");
});

test("in production workspaces and connectors of one's own are protected, which take others along; tags are not", () => {
  const { workspaces, tags, sourceDefinitions, declarativeSourceDefinitions, destinationDefinitions } =
    declarePipelines(
      load(`
workspaces: { a: {}, b: { protect: false } }
tags: { a: { color: 1F77B4 } }
sourceDefinitions: { a: { dockerRepository: x, dockerImageTag: "1" } }
declarativeSourceDefinitions: { b: { manifest: { spec: {} } } }
destinationDefinitions: { a: { dockerRepository: x, dockerImageTag: "1" } }`),
      airbyte,
      true,
    );
  expect([workspaces.a, workspaces.b, tags.a].map(isProtected)).toEqual([true, false, false]);
  const own = [sourceDefinitions.a, declarativeSourceDefinitions.b, destinationDefinitions.a];
  expect(own.map(isProtected)).toEqual([true, true, true]);
});

test("protect is Pulumi's business and never an input of the resource", async () => {
  const { sources } = declarePipelines(load(`sources: { a: { definitionId: ${faker}, protect: true } }`), airbyte);
  await value(pulumi.output(sources.a?.id));
  expect(registered[0]?.inputs).not.toHaveProperty("protect");
});

test("an entry that was renamed is the resource of its earlier names, to Pulumi and to the journal, and others carry nothing of it", async () => {
  const { sources } = declarePipelines(
    load(`sources: { a: { definitionId: ${faker}, renamedFrom: [old, older] }, b: { definitionId: ${faker} } }`),
    airbyte,
  );
  const { __aliases } = sources.a as unknown as { __aliases: pulumi.Output<string>[] };
  const urns = await value(pulumi.all(__aliases));
  expect(urns.map((urn) => urn.split("::").slice(2).join(" "))).toEqual([
    "pulumi-nodejs:dynamic/airbyte:Source old",
    "pulumi-nodejs:dynamic/airbyte:Source older",
  ]);
  await value(pulumi.output([sources.a?.id, sources.b?.id]));
  const inputs = Object.fromEntries(registered.map((resource) => [resource.name, resource.inputs as object]));
  expect(inputs.a).toMatchObject({ declaredBefore: ["stack/old", "stack/older"] });
  expect(inputs.a).not.toHaveProperty("renamedFrom");
  expect(inputs.b).not.toHaveProperty("declaredBefore");
});

test("a reference to nothing, put together by hand, is an error", () => {
  const pipelines = { ...load("sources: {}"), connections: { c: { source: "a", destination: "b" } } };
  expect(() => declarePipelines(pipelines, airbyte)).toThrow('refers to "a", which isn\'t declared');
});
