import { appendFileSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Intents, type Intention } from "../../../providers/airbyte/lifecycle/intents.ts";

const CRM: Intention = {
  kind: "source",
  declaredAs: "dev/crm",
  workspaceId: "w",
  name: "crm",
  identity: { definitionId: "d1" },
};

function journal(): string {
  return join(mkdtempSync(join(tmpdir(), "intents-")), "dev", "intents.jsonl");
}

test("an intent is on disk before the creation begins, readable by its owner only", async () => {
  const file = journal();
  await new Intents(file).begin(CRM, 1_000);
  expect(readFileSync(file, "utf8")).toContain('"declaredAs":"dev/crm"');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("what a killed process noted is pending for the next one, with the id if it was known", async () => {
  const file = journal();
  const before = new Intents(file);
  const first = await before.begin(CRM, 1_000);
  await before.begin({ ...CRM, declaredAs: "dev/erp" }, 2_000);
  await before.created(first, "id-1");

  const after = new Intents(file);
  expect(after.pending("source", "dev/crm")).toMatchObject([{ id: "id-1", at: 1_000 }]);
  expect(after.pending("source", "dev/erp")).toMatchObject([{ at: 2_000 }]);
  expect(after.pending("destination", "dev/crm")).toEqual([]);
});

test("an id that the state holds, and a creation that came to nothing, are pending no more", async () => {
  const file = journal();
  const intents = new Intents(file);
  await intents.created(await intents.begin(CRM, 1), "id-1");
  await intents.confirm("id-1");
  await intents.abandon(await intents.begin(CRM, 2));
  expect(new Intents(file).pending("source", "dev/crm")).toEqual([]);
});

test("a state that holds some object of the declaration confirms the only one it can be", async () => {
  const intents = new Intents(journal());
  await intents.created(await intents.begin(CRM, 1), "id-1");
  await intents.confirmDeclared("source", "dev/crm", { definitionId: "another" });
  expect(intents.pending("source", "dev/crm")).toHaveLength(1);
  await intents.confirmDeclared("source", "dev/crm", { definitionId: "d1" });
  expect(intents.pending("source", "dev/crm")).toHaveLength(0);

  // A forced replacement that was killed: the newer object is not the one that the state holds.
  await intents.created(await intents.begin(CRM, 2), "id-2");
  await intents.confirmDeclared("source", "dev/crm", { definitionId: "d1" });
  expect(intents.pending("source", "dev/crm")).toMatchObject([{ id: "id-2" }]);
});

test("an object that another declaration made is no candidate", async () => {
  const intents = new Intents(journal());
  await intents.created(await intents.begin(CRM, 1), "id-1");
  expect(intents.unclaimed(["id-1", "id-2"], (id) => id)).toEqual(["id-2"]);
  await intents.deleted("id-1");
  expect(intents.unclaimed(["id-1"], (id) => id)).toEqual(["id-1"]);
});

test("a line that a crash cut short is passed over, and the next line is whole", async () => {
  const file = journal();
  await new Intents(file).begin(CRM, 1);
  appendFileSync(file, '{"op":"begin","intent":{"number":"x","ki');
  await new Intents(file).begin({ ...CRM, declaredAs: "dev/erp" }, 2);
  const after = new Intents(file);
  expect(after.pending("source", "dev/crm")).toHaveLength(1);
  expect(after.pending("source", "dev/erp")).toHaveLength(1);
});

test("a long journal is written anew with only what still matters", async () => {
  const file = journal();
  const intents = new Intents(file);
  for (let count = 0; count < 60; count++) await intents.abandon(await intents.begin(CRM, count));
  await intents.created(await intents.begin(CRM, 99), "id-1");
  // Reading alone, as a preview does beside a run, writes nothing; the next creation does.
  expect(new Intents(file).pending("source", "dev/crm")).toMatchObject([{ id: "id-1" }]);
  expect(readFileSync(file, "utf8").trim().split("\n").length).toBeGreaterThan(100);
  await new Intents(file).begin({ ...CRM, declaredAs: "dev/erp" }, 100);
  expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(2);
  expect(new Intents(file).pending("source", "dev/crm")).toMatchObject([{ id: "id-1" }]);
});

test("what is noted after a long journal was written anew is kept, also where the run had confirmed something before", async () => {
  const file = journal();
  const earlier = new Intents(file);
  for (let count = 0; count < 60; count++) await earlier.abandon(await earlier.begin(CRM, count));
  await earlier.created(await earlier.begin(CRM, 99), "id-1");
  const intents = new Intents(file);
  await Promise.all([intents.confirm("id-1"), intents.begin({ ...CRM, declaredAs: "dev/erp" }, 100)]);
  await intents.begin({ ...CRM, declaredAs: "dev/shop" }, 101);
  const next = new Intents(file);
  expect(next.isConfirmed("id-1")).toBe(true);
  expect(next.pending("source", "dev/erp")).toHaveLength(1);
  expect(next.pending("source", "dev/shop")).toHaveLength(1);
});

test("an unfinished intent of a process that is gone, or whose pid is another's by now, is not waited for", async () => {
  const intents = new Intents(journal());
  const intent = await intents.begin(CRM, 1);
  const told: string[] = [];
  for (const stranger of [{ pid: 1 }, { pid: 1, started: "0" }, { pid: 999_999_999, started: "5" }]) {
    expect(await intents.settle({ ...intent, ...stranger }, (line) => told.push(line))).toMatchObject({ at: 1 });
  }
  expect(told).toEqual([]);
});
