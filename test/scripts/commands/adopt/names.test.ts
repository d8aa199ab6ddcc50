import { expect, test } from "vitest";
import type { Section } from "../../../../providers/airbyte/kinds/names.ts";
import { giveNames, Names, type Found } from "../../../../scripts/commands/adopt/model.ts";
import { Secrets } from "../../../../scripts/commands/adopt/making.ts";

function found(kind: Section, id: string, display: string): Found {
  return { kind, id, display, workspaceId: "w", object: {} };
}

function named(objects: Found[], taken: string[] = [], wanted?: ReadonlyMap<string, string>) {
  const names = new Names();
  giveNames(objects, names, (_, name) => taken.includes(name), wanted);
  return objects.map(({ kind, id }) => names.of(kind, id));
}

test("logical names are the names in Airbyte in small letters with dashes, and never what a name can't be", () => {
  const displays = [
    "Users & more",
    " Köln → Bücher ",
    "${secret:x}",
    "a::b",
    "…",
    "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
    "__proto__",
  ];
  expect(named(displays.map((display, index) => found("sources", String(index), display)))).toEqual([
    "users-more",
    "köln-bücher",
    "secret-x",
    "a-b",
    "source",
    "source-8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
    "source-2",
  ]);
  expect(named([found("tags", "1", "x".repeat(300))])[0]).toHaveLength(80);
});

test("which of two of the same name gets a number doesn't depend on their order; what is taken is left to its owner", () => {
  const [first, second] = [found("sources", "id-1", "Users"), found("sources", "id-2", "users")];
  expect(named([first, second])).toEqual(["users", "users-2"]);
  expect(named([second, first])).toEqual(["users-2", "users"]);
  expect(named([first, found("destinations", "id-3", "Users")])).toEqual(["users", "users"]);
  expect(named([first, second], ["users", "users-2"])).toEqual(["users-3", "users-4"]);
  // A source says only the name of its connector, which two kinds can have.
  expect(named([found("sourceDefinitions", "1", "Shop"), found("declarativeSourceDefinitions", "2", "Shop")])).toEqual([
    "shop",
    "shop-2",
  ]);
  expect(named([first], [], new Map([["id-1", "main_users"]]))).toEqual(["main_users"]);
});

test("names of secrets are free in the stack, and no setting's", () => {
  const secrets = new Secrets(["warehousePassword"]);
  const name = (entry: string, key: string) => secrets.add(entry, key, undefined).name;
  expect(name("main-warehouse", "password")).toBe("mainWarehousePassword");
  expect(name("warehouse", "password")).toBe("warehousePassword2");
  expect(name("warehouse", "password")).toBe("warehousePassword3");
  expect(name("client", "secret")).toBe("clientSecret2");
  expect(name("客", "密")).toBe("secret");
  expect(name("2024", "key")).toBe("secret2024Key");
});
