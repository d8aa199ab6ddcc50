import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTerraformState } from "../../../../scripts/commands/adopt/tfstate.ts";
import { temporaryFolder } from "../../modules.ts";

function read(content: unknown) {
  const file = join(temporaryFolder(), "terraform.tfstate");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readTerraformState(file);
}

const instance = (attributes: object, index_key?: string | number) => ({
  attributes,
  ...(index_key === undefined ? {} : { index_key }),
});
const resource = (type: string, name: string, instances: object[], more: object = {}) => ({
  mode: "managed",
  type,
  name,
  instances,
  ...more,
});

test("names of modules, for_each and count; configurations as JSON text or as objects; what has no counterpart is told", () => {
  const state = read({
    version: 4,
    resources: [
      resource(
        "airbyte_source",
        "orders",
        [instance({ source_id: "1", workspace_id: "w", configuration: '{"key":"k"}' }, "eu west")],
        { module: 'module.shops["a"].module.inner' },
      ),
      resource("airbyte_destination_postgres", "db", [
        instance({ destination_id: "2", configuration: { password: "p" } }, 0),
      ]),
      resource("airbyte_source_definition", "erp", [instance({ id: "3" })]),
      resource("airbyte_job", "run", [instance({ id: "4" })]),
      resource("aws_instance", "host", [instance({ id: "5" })]),
      { ...resource("airbyte_connection", "looked_up", [instance({ connection_id: "6" })]), mode: "data" },
    ],
  });
  expect(Object.fromEntries(state.names)).toEqual({ 1: "shops-a-inner-orders-eu-west", 2: "db-0", 3: "erp" });
  expect(Object.fromEntries(state.configurations)).toEqual({ 1: { key: "k" }, 2: { password: "p" } });
  expect(state.workspaceIds).toEqual(["w"]);
  expect(state.unknown).toEqual(["airbyte_job.run"]);
});

test("a file that is no state of Terraform is told so, without a word of what is in it", () => {
  expect(() => read("secret")).toThrow(/is no Terraform state of version 4[^]*terraform state pull/);
  expect(() => read({ version: 3, resources: [] })).toThrow("is no Terraform state");
  expect(() => readTerraformState("/nowhere/terraform.tfstate")).toThrow("can't be read (ENOENT)");
});
