import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { Connection, DefaultWorkspace, every, Source, Tag } from "../../providers/airbyte/index.ts";

const ID = "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13";
const airbyte = { url: "http://127.0.0.1:1", workspaceId: ID };
let registered: string[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource({ name, inputs }) {
      registered.push(name);
      return { id: ID, state: inputs as object };
    },
    call: () => ({}),
  });
});

test("import among a resource's options is refused at once, in one sentence that names adopt", () => {
  registered = [];
  const options = { import: ID };
  const made = [
    () => new Source("users", { airbyte, connector: "faker", configuration: {} }, options),
    () => new Connection("flow", { airbyte, source: ID, destination: ID }, options),
    () => new DefaultWorkspace("workspace", airbyte, options),
  ];
  for (const make of made) {
    expect(make).toThrow(
      /^\w+ "\w+": Pulumi's dynamic resources can't be imported\. Next step: .*`adopt: ID`.* npm run adopt/,
    );
    expect(make).toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
  }
  expect(registered).toEqual([]);
});

test("what others manage isn't looked up by nothing, and isn't created instead", () => {
  registered = [];
  const nothing = undefined as unknown as string;
  for (const found of [() => Source.get("crm", nothing, { airbyte }), () => Tag.get("pii", "", { airbyte })]) {
    expect(found).toThrow(/by its id or by \{name\}; found neither\. Next step: /);
    expect(found).toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
  }
  expect(() => every("15 minutes")).toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
  expect(registered).toEqual([]);
});

test("the journal's names of what a program's aliases stand for: by name, by URN, of another stack, known only later", async () => {
  const urn = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/airbyte:Source::older";
  const aliases = [{ name: "old" }, urn, { stack: "prod" }, { type: "other" }, pulumi.output({ name: "late" })];
  const made = new Source("users", { airbyte, connector: "faker", configuration: {} }, { aliases });
  const { declaredBefore } = made as unknown as { declaredBefore: pulumi.Output<string[]> };
  const names = await new Promise((resolve) => declaredBefore.apply(resolve));
  expect(names).toEqual(["stack/old", "dev/older", "prod/users", "stack/late"]);
});
