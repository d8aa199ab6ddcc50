import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { declarePipelines } from "../../../infra/pipelines.ts";
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

test("protect is Pulumi's business and never an input of the resource", async () => {
  const { sources } = declarePipelines(load(`sources: { a: { definitionId: ${faker}, protect: true } }`), airbyte);
  await value(pulumi.output(sources.a?.id));
  expect(registered[0]?.inputs).not.toHaveProperty("protect");
});

test("a reference to nothing, put together by hand, is an error", () => {
  const pipelines = { ...load("sources: {}"), connections: { c: { source: "a", destination: "b" } } };
  expect(() => declarePipelines(pipelines, airbyte)).toThrow('refers to "a", which isn\'t declared');
});
