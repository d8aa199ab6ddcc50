import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { declarePipelines } from "../../declaration/declare.ts";
import { faker, load, mistakesOf } from "./project.ts";

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => ({ id: `id-of-${args.name}`, state: args.inputs as object }),
    call: () => ({}),
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("two tags of one name in a workspace are a mistake, since Airbyte refuses the second", () => {
  const tags = (more: string) => mistakesOf(`workspaces: { w: {} }\ntags:\n  a: { color: FF0000 }\n  ${more}`);
  expect(tags("b: { color: FF0000, name: a }")).toEqual([
    'pipelines.yaml:4:29 tags.b.name: the tag "a" has the name "a" in this workspace already, and Airbyte takes it once',
  ]);
  expect(tags("b: { color: FF0000, name: a, workspace: w }")).toEqual([]);
});

test("two sources of one name are warned of: Airbyte keeps both, and nobody can tell them apart", () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const source = `definitionId: ${faker}, name: Orders`;
  const declared = load(`workspaces: { w: {} }
sources: { a: { ${source} }, b: { ${source} }, c: { ${source}, workspace: w }, Other: { definitionId: ${faker} } }
permissions: { p: { permissionType: workspace_reader, userId: ${faker} } }`);
  declarePipelines(declared, { url: "http://127.0.0.1:8000", workspaceId: faker });
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    'sources "a" and "b" have one name in Airbyte, "Orders": nobody can tell them apart there, nor can adopt: true.',
  ]);
});
