import { beforeEach, describe, expect, test } from "vitest";
import { examineWhole } from "../../../providers/airbyte/kind.ts";
import { z } from "zod";
import { UNKNOWN } from "../../../providers/airbyte/lifecycle/canonical.ts";
import type { CommonInputs, Handler } from "../../../providers/airbyte/lifecycle/handler.ts";
import type { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { formatPath } from "../../../errors/user-error.ts";
import { check, type Issue } from "../../../errors/zod-issues.ts";
import { fileSchema, type KindDescription } from "../../../providers/airbyte/kinds/describe.ts";
import { handlers } from "../../../providers/airbyte/kinds/handlers.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import type { ObjectCalls } from "../../../providers/airbyte/api/object-calls.ts";
import { kindNames, sectionOf } from "../../../providers/airbyte/kinds/names.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";
import { cases, type Case, type ObjectName, type Settings } from "./examples.ts";

let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

// The kinds' inputs have nothing in common but their names.
const handlerOf = (name: ObjectName) => handlers[name] as unknown as ObjectHandler<CommonInputs, { id: string }>;
const declare = async ({ settings }: Case, over: Settings = {}) =>
  ({ ...airbyte.object("example", await settings(airbyte)), ...over }) as unknown as CommonInputs;
const props = (inputs: CommonInputs) => inputs as unknown as Settings;

describe.each(Object.keys(cases) as ObjectName[])("%s", (name) => {
  const one = cases[name];
  const handler = handlerOf(name);

  test("is created as declared, read without a difference, and is gone after its deletion", async () => {
    const inputs = await declare(one);
    expect(handler.check(props(inputs))).toEqual([]);
    const { id, outs } = await handler.create(inputs, airbyte.context);
    expect(outs).toEqual(inputs);
    const seen = await handler.read(id, inputs, airbyte.context);
    expect(seen).toEqual(inputs);
    expect(handler.diff(inputs, seen!)).toEqual({ changes: false, replaces: [] });
    await handler.delete(id, inputs, airbyte.context);
    expect(await handler.read(id, inputs, airbyte.context)).toBeUndefined();
    await handler.delete(id, inputs, airbyte.context);
  });

  const { change, byHand } = one;
  if (change)
    test("is changed in place", async () => {
      const inputs = await declare(one);
      const { id } = await handler.create(inputs, airbyte.context);
      const changed = { ...inputs, ...change };
      expect(handler.diff(inputs, changed)).toEqual({ changes: true, replaces: [] });
      expect(await handler.update(id, inputs, changed, airbyte.context)).toEqual(changed);
      expect(await handler.read(id, changed, airbyte.context)).toEqual(changed);
      expect(await airbyte.byHand("GET", one.path(id, airbyte))).toMatchObject(change);
    });

  if (byHand)
    test("shows what somebody changed by hand, and nothing that nobody declared", async () => {
      const inputs = await declare(one, change);
      const { id } = await handler.create(inputs, airbyte.context);
      await airbyte.byHand(byHand[0], one.path(id, airbyte), byHand[1]);
      expect(await handler.read(id, inputs, airbyte.context)).toEqual({ ...inputs, ...one.drift });
    });

  test("is taken over by name, with what would change told before, and by id", async () => {
    const { id } = await handler.create(await declare(one), airbyte.context);
    const changed = await declare(one, { ...one.change, name: props(await declare(one)).name });
    for (const adopt of [true, id]) {
      const again = { ...changed, adopt, declaredAs: "dev/other" } as CommonInputs;
      const consulted = await examineWhole(handler as never, again, airbyte.newContext());
      expect(consulted).toMatchObject({ mistakes: [], notes: [expect.stringContaining(`takes over ${id}`)] });
      expect((await handler.create(again, airbyte.newContext())).id).toBe(id);
    }
    expect(await handler.read(id, changed, airbyte.context)).toEqual(changed);
  });

  const { hasUniqueName } = descriptions[name] as KindDescription;
  if (hasUniqueName)
    test("where somebody's has its name already, the preview says so, and how to take it over; so does what is refused", async () => {
      const inputs = await declare(one);
      const calls = airbyte.api.objects[sectionOf(name)] as unknown as ObjectCalls<{ id: string }, object, object>;
      const { id } = await calls.create(inputs);
      const has = `this ${hasUniqueName} has a ${name} of this name already (${id}), and Airbyte takes a name once`;
      const told = (over: object) => examineWhole(handler as never, { ...inputs, ...over }, airbyte.newContext());
      expect((await told({})).mistakes).toEqual([`${has}; adopt: true takes it over`]);
      expect((await told({ adopt: true })).mistakes).toEqual([]);
      for (const unknown of [{ name: UNKNOWN }, { [`${hasUniqueName}Id`]: UNKNOWN }])
        expect((await told(unknown)).mistakes).toEqual([]);
      const creation = handler.create(inputs, airbyte.newContext());
      await expect(creation).rejects.toThrow(`${has}.\n  Next step: adopt: true takes it over.`);
      const other = { ...inputs, name: "other", declaredAs: "dev/other" };
      const { id: own } = await handler.create(other, airbyte.newContext());
      const renaming = handler.update(own, other, { ...other, name: "example" } as CommonInputs, airbyte.newContext());
      await expect(renaming).rejects.toThrow(`${has}.\n  Next step: choose another name`);
      const swapped = await examineWhole(handler as never, { ...other, declaredAs: "dev/x" }, airbyte.newContext());
      expect(swapped.mistakes).toEqual([]);
    });

  test("is made once, also when the answer to its creation is lost", async () => {
    const inputs = await declare(one);
    await airbyte.fault({ next: { method: "POST", path: CREATIONS, drop: "after" } });
    const { id } = await handler.create(inputs, airbyte.context);
    const calls = airbyte.api.objects[sectionOf(name)] as unknown as ObjectCalls<{ id: string }, object, object>;
    const found = await calls.list(inputs);
    const goesBy = name === "permission" ? "userId" : "name";
    const alike = found.filter((object) => (object as Settings)[goesBy] === props(inputs)[goesBy]);
    expect(alike.map((object) => object.id)).toEqual([id]);
  });

  test("that this Airbyte doesn't have is told so", async () => {
    await airbyte.fault({ next: { count: 3, path: PLACES, status: 404, html: true } });
    const creation = handler.create(await declare(one), airbyte.context);
    await expect(creation).rejects.toThrow(/This Airbyte offers no .*404.*\n {2}Next step: update Airbyte/);
  });
});

// The creating calls of both dialects.
const CREATIONS =
  "(/tags|/workspaces|/permissions|/applications|/regions|/definitions/[a-z_]+)$|/(tags|workspaces|permissions|applications|dataplane_group)/create$|create_custom$|/publish$";
const PLACES = "tags|workspaces|permissions|applications|definitions|projects|regions|dataplane_group";

/** Two values that a setting can have. */
function examplesOf(schema: z.ZodType): unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return examplesOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodEnum) return schema.options.slice(0, 2);
  return SAMPLES.filter((sample) => schema.safeParse(sample).success).slice(0, 2);
}

const SAMPLES = [
  "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13",
  "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c14",
  "1F77B4",
  "000000",
  true,
  false,
  { scheduleType: "manual" },
  { scheduleType: "cron", cronExpression: "0 0 6 * * ?" },
  { onCreate: true },
  { onCreate: false },
  { one: 1 },
  { one: 2 },
  { failure: { email: { enabled: true } } },
  { failure: { email: { enabled: false } } },
  { default: { cpu_limit: "1" } },
  { default: { cpu_limit: "2" } },
  [],
  ["8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13"],
];

/** Kept in no state to be compared, or compared in a form that other tests hold. */
const otherwise = ["adopt", "connector", "dataResidency", "sync", "userEmail"];

describe.each(kindNames)("%s: each setting", (kind) => {
  const description: KindDescription = descriptions[kind];
  const handler = handlers[kind] as unknown as Handler<CommonInputs>;
  const settings = Object.entries(description.fields)
    .filter(([, { onlyInFiles, inputs }]) => !onlyInFiles && inputs !== false)
    .map(([key, { inputs, ...field }]) => ({
      key: field.refersTo?.as ?? key,
      inputs: inputs === false ? undefined : inputs,
      ...field,
    }));
  const whole = Object.fromEntries(settings.map(({ key, inputs, schema }) => [key, examplesOf(inputs ?? schema)[0]]));
  const declared = (over: Settings = {}) => {
    const all = { airbyteUrl: "http://127.0.0.1:8000", declaredAs: "dev/x", ...whole, adopt: undefined, ...over };
    return Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== undefined),
    ) as unknown as CommonInputs;
  };
  const mistakesAt = (key: string, over: Settings) =>
    handler.check(props(declared(over))).filter((mistake) => mistake.split(/[:.[]/)[0] === key);

  test.each(settings)("$key replaces, or updates, or can't change, as it says", ({ key, inputs, schema, ...rules }) => {
    const [one, other] = examplesOf(inputs ?? schema);
    expect(other, "a second example").toBeDefined();
    const [before, after] = [declared({ [key]: one }), declared({ [key]: other })];
    const { changes, replaces } = handler.diff(before, after);
    expect(replaces).toEqual(rules.replaceOnChange ? [key] : []);
    if (!otherwise.includes(key)) expect(changes).toBe(!rules.createOnly);
    const stuck = handler
      .check(props(after), before)
      .filter((mistake) => mistake.startsWith(`${key}: can't be changed`));
    expect(stuck).toHaveLength(rules.createOnly ? 1 : 0);
  });

  test.each(settings)("$key may be known only later, and must fit when it is", ({ key, inputs, schema }) => {
    expect(mistakesAt(key, { [key]: UNKNOWN })).toEqual([]);
    const misfit = [4711, "4711", { x: 4711 }].find((value) => !(inputs ?? schema).safeParse(value).success);
    if (misfit !== undefined) expect(mistakesAt(key, { [key]: misfit })).not.toEqual([]);
  });

  test.each(settings.filter(({ secret }) => secret === true))("no mistake quotes $key", ({ key }) => {
    expect(mistakesAt(key, { [key]: 4711 }).join()).not.toContain("4711");
    expect(mistakesAt(key, { [key]: 4711 })).not.toEqual([]);
  });

  test("says of a mistake in a program what it says of it in a file", () => {
    const misfit = { x: [] };
    for (const { key, inputs, schema } of settings) {
      if (inputs || schema.safeParse(misfit).success) continue; // another form than a file's, or no mistake
      const result: unknown = check(fileSchema(description), { [key]: misfit });
      const inFile = (result as Issue[]).filter(({ path }) => path[0] === key);
      expect(inFile.length, key).toBeGreaterThan(0);
      const inWords = inFile.map(({ path, text }) => `${formatPath(path)}: ${text}`);
      expect(mistakesAt(key, { [key]: misfit })).toEqual(expect.arrayContaining(inWords));
    }
  });
});
