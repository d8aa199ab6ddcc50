import { describe, expect, test } from "vitest";
import { issueInWords } from "../../../errors/zod-issues.ts";
import type { DiscoveredStream } from "../../../providers/airbyte/api/types.ts";
import { prepareStreams } from "../../../providers/airbyte/kinds/connection/resolved-streams.ts";
import { streamIssues } from "../../../providers/airbyte/kinds/connection/stream-issues.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";

const users = {
  streamName: "users",
  syncModes: ["full_refresh_append", "incremental_append", "incremental_deduped_history"],
  defaultCursorField: ["updated_at"],
  sourceDefinedCursorField: true,
  sourceDefinedPrimaryKey: [["id"]],
  propertyFields: [["id"], ["updated_at"], ["address"], ["address", "city"]],
};
const events = { streamName: "events", syncModes: ["incremental_append", "incremental_deduped_history"] };
const rows = { ...events, streamName: "rows", propertyFields: [["id"], ["name"], ["meta"], ["meta", "at"]] };

const inputs = (over: object): ConnectionInputs => {
  const declared = {
    ...{ airbyteUrl: "http://a", declaredAs: "dev/c", name: "c" },
    ...{ workspaceId: "w", sourceId: "s", destinationId: "d" },
    ...over,
  };
  return { ...declared, ...prepareStreams(declared) };
};
const found = (over: object, offered: DiscoveredStream[] = [users, events, rows]) =>
  streamIssues(inputs(over), offered);
const mistakes = (over: object, offered?: DiscoveredStream[]) => found(over, offered).issues.map(issueInWords);
const of = (stream: object | string, offered?: DiscoveredStream[]) => mistakes({ streams: [stream] }, offered);

describe("what the source doesn't offer, or not so", () => {
  test.each<[object, string[]]>([
    [{ name: "user" }, ['streams[0]: the source offers no stream "user"; did you mean "users"?']],
    [
      { name: "users", syncMode: "incremental_update" },
      [
        'streams[0].syncMode: incremental_update is not possible for the stream "users" between these connectors ' +
          "(possible: full_refresh_append, incremental_append, incremental_deduped_history, full_refresh_overwrite)",
      ],
    ],
    [
      { name: "users", syncMode: "incremental_append", cursorField: ["address"] },
      ['streams[0].cursorField: the source itself defines that of the stream "users" (updated_at); leave it out'],
    ],
    [
      { name: "users", syncMode: "incremental_deduped_history", primaryKey: [["address"]] },
      ['streams[0].primaryKey: the source itself defines that of the stream "users" (id); leave it out'],
    ],
    [
      { name: "users", selectedFields: [{ fieldPath: ["adress"] }] },
      ['streams[0].selectedFields: the stream "users" has no field "adress"; did you mean "address"?'],
    ],
    [
      { name: "events", syncMode: "incremental_append" },
      ['streams[0].syncMode: incremental_append needs a cursorField for the stream "events": the source defines none'],
    ],
    [
      { name: "events", syncMode: "incremental_deduped_history", cursorField: ["at"] },
      [
        'streams[0].syncMode: incremental_deduped_history needs a primaryKey for the stream "events": the source defines none',
      ],
    ],
  ])("%j", (stream, expected) => {
    expect(of(stream)).toEqual(expected);
  });

  test.each([
    { name: "users" },
    { name: "users", syncMode: "full_refresh_overwrite" },
    { name: "users", syncMode: "full_refresh_overwrite_deduped" },
    // Of what a mode has no use for, Airbyte takes anything.
    { name: "users", cursorField: ["created"], primaryKey: [["mail"]] },
    { name: "users", syncMode: "full_refresh_append", cursorField: ["created"], primaryKey: [["mail"]] },
    { name: "users", syncMode: "incremental_deduped_history", cursorField: ["updated_at"], primaryKey: [["id"]] },
    { name: "events", syncMode: "incremental_append", cursorField: ["at"] },
  ])("%j is right", (stream) => {
    expect(of(stream)).toEqual([]);
  });

  test("a connector that is only played can't tell", () => {
    expect(of({ name: "orders" }, [{ streamName: "records", simulated: true }])).toEqual([]);
    expect(of({ name: "orders*" }, [{ streamName: "records", simulated: true }])).toEqual([
      expect.stringMatching(/^streams\[0\]: the pattern "orders\*" matches no stream .* this source is only simulated/),
    ]);
  });
});

describe("a cursor and a key get one word each, which is right as a whole", () => {
  test("what a mode needs is said at once", () => {
    expect(of({ name: "events", syncMode: "incremental_deduped_history" })).toEqual([
      'streams[0].syncMode: incremental_deduped_history needs a cursorField and a primaryKey for the stream "events": the source defines neither',
    ]);
  });

  test("one that the source defines, and that isn't even there, is to be left out, and not to be spelt otherwise", () => {
    const keys = { cursorField: ["updated"], primaryKey: [["ids"]] };
    expect(of({ name: "users", syncMode: "incremental_deduped_history", ...keys })).toEqual([
      'streams[0].cursorField: the source itself defines that of the stream "users" (updated_at); leave it out',
      'streams[0].primaryKey: the source itself defines that of the stream "users" (id); leave it out',
    ]);
  });

  test("one that the mode has no use for: another mode is named only where one would take it", () => {
    const unused = (stream: object) => found({ streams: [stream] }).warnings.map(issueInWords);
    expect(unused({ name: "events", cursorField: ["at"] })).toEqual([expect.stringMatching(/or choose another mode$/)]);
    expect(unused({ name: "users", cursorField: ["at"] })).toEqual([
      `streams[0].cursorField: syncMode full_refresh_overwrite, Airbyte's default, of the stream "users" has no use for cursorField, so Airbyte goes without; leave it out`,
    ]);
    // That the mode is impossible is all there is to say.
    expect(unused({ name: "users", syncMode: "full_refresh_update", cursorField: ["at"] })).toEqual([]);
  });
});

describe("where it was written", () => {
  const wrong = { syncMode: "incremental_append", cursorField: ["nmae"] };
  const other = { ...rows, streamName: "rows_2" };

  test("in a pattern, told once for all its streams", () => {
    const streams = ["events", { name: "rows*", ...wrong }];
    expect(mistakes({ streams }, [events, rows, other])).toEqual([
      'streams[1].cursorField: the stream "rows" has no field "nmae"; did you mean "name"? (and so with another stream)',
    ]);
  });

  test("in the defaults, with patterns and without", () => {
    for (const streams of [["rows"], ["row?"]]) {
      expect(mistakes({ streams, streamDefaults: wrong })).toEqual([
        'streamDefaults.cursorField: the stream "rows" has no field "nmae"; did you mean "name"?',
      ]);
    }
  });

  test("in the own entry, although a pattern chose the stream as well", () => {
    const streams = [
      { name: "r*", syncMode: "incremental_append" },
      { name: "rows", cursorField: ["nmae"] },
    ];
    expect(mistakes({ streams })).toEqual([expect.stringMatching(/^streams\[1\]\.cursorField: /)]);
  });
});

describe("streams of one name", () => {
  const two = [
    { streamName: "users", streamnamespace: "public" },
    { streamName: "users", streamnamespace: "audit" },
    { streamName: "orders", streamnamespace: "public" },
  ];

  test("the namespace decides, and the known names are each told once", () => {
    expect(of({ name: "users", namespace: "audit" }, two)).toEqual([]);
    expect(of("audit.users", two)).toEqual([]);
    expect(of({ name: "users" }, two)).toEqual([
      'streams[0]: the source has several streams "users"; say which: public.users, audit.users',
    ]);
    expect(of({ name: "users", namespace: "pubic" }, two)).toEqual([
      'streams[0]: the source offers no stream "users" in the namespace "pubic"; did you mean "public"?',
    ]);
    expect(of({ name: "invoices" }, two)).toEqual([
      'streams[0]: the source offers no stream "invoices" (known: public.users, audit.users, orders)',
    ]);
    expect(of("public.user", two)).toEqual([expect.stringMatching(/did you mean "public\.users"\?$/)]);
  });

  test("where namespace.name may mean two, the forms are told", () => {
    const odd = [
      { streamName: "b.c", streamnamespace: "a" },
      { streamName: "c", streamnamespace: "a.b" },
    ];
    expect(of("a.b.c", odd)).toEqual([
      'streams[0]: the source has several streams "a.b.c"; say which: {name: b.c, namespace: a}, {name: c, namespace: a.b}',
    ]);
  });

  test("two entries that mean one are told, as Airbyte refuses them", () => {
    const streams = [{ name: "users", namespace: "public" }, "public.users"];
    expect(mistakes({ streams }, two)).toEqual([expect.stringMatching(/^streams\[1\]: .* meant by an entry before/)]);
  });

  test("what namespace.name stands for is what the state has, and needs no further look at the source", () => {
    const { completed } = found({ streams: ["audit.users"] }, two);
    expect(completed).toEqual({ streams: [{ name: "users", namespace: "audit" }] });
    const before = { ...inputs({ streams: ["audit.users"] }), ...completed };
    expect(prepareStreams({ ...before, streams: ["audit.users"] as never }, before)).toEqual(completed);
  });
});

describe("fields", () => {
  const mode = { name: "rows", syncMode: "incremental_deduped_history" };

  test("a key of two fields that is written as one path", () => {
    expect(of({ ...mode, cursorField: ["meta", "at"], primaryKey: [["id", "name"]] })).toEqual([
      'streams[0].primaryKey: the field "id" of the stream "rows" has no field "name"; did you mean [id, name], a key of 2 fields?',
    ]);
    expect(of({ ...mode, cursorField: ["meta", "at"], primaryKey: [["id"], ["name"]] })).toEqual([]);
  });

  test("nested ones are known as far as the schema tells", () => {
    expect(of({ ...mode, cursorField: ["meta", "att"], primaryKey: [["id"]] })).toEqual([
      'streams[0].cursorField: the field "meta" of the stream "rows" has no field "att"; did you mean "at"?',
    ]);
    const silent = { ...rows, propertyFields: [] };
    expect(of({ ...mode, cursorField: ["any", "thing"], primaryKey: [["x", "y"]] }, [silent])).toEqual([]);
  });

  test("a selection has the cursor and the key that the mode goes by", () => {
    const select = (stream: object, ...fields: string[]) =>
      of({ ...stream, selectedFields: fields.map((field) => ({ fieldPath: [field] })) });
    expect(select({ ...mode, cursorField: ["meta", "at"], primaryKey: [["id"]] }, "name")).toEqual([
      'streams[0].selectedFields: incremental_deduped_history needs its cursor and its key of the stream "rows" among them; add meta, id',
    ]);
    expect(select({ name: "users", syncMode: "incremental_append" }, "id")).toEqual([
      'streams[0].selectedFields: incremental_append needs its cursor of the stream "users" among them; add updated_at',
    ]);
    expect(select({ name: "users", syncMode: "full_refresh_overwrite_deduped" }, "updated_at")).toEqual([
      expect.stringMatching(/needs its key .* add id$/),
    ]);
    // A full refresh needs neither; and a cursor that isn't there can't be selected.
    expect(select({ name: "users", syncMode: "full_refresh_append" }, "address")).toEqual([]);
    expect(select({ ...mode, cursorField: ["att"], primaryKey: [["id"]] }, "id")).toEqual([
      expect.stringMatching(/^streams\[0\]\.cursorField: /),
    ]);
  });

  test("are selected once, and with all that is below them", () => {
    const select = (...paths: string[][]) =>
      of({ name: "rows", selectedFields: paths.map((fieldPath) => ({ fieldPath })) });
    expect(select(["id"], ["id"])).toEqual(['streams[0].selectedFields: the field "id" is listed twice']);
    expect(select(["meta", "at"])).toEqual([expect.stringMatching(/meta\.at is nested/)]);
  });
});

describe("mappers on fields", () => {
  const hashing = (targetField: string, fieldNameSuffix = "_h") => ({
    type: "hashing",
    mapperConfiguration: { targetField, method: "SHA-256", fieldNameSuffix },
  });
  const renaming = (originalFieldName: string, newFieldName: string) => ({
    type: "field-renaming",
    mapperConfiguration: { originalFieldName, newFieldName },
  });
  const filter = (fieldName: string) => ({
    type: "row-filtering",
    mapperConfiguration: {
      conditions: { type: "NOT", conditions: [{ type: "EQUAL", fieldName, comparisonValue: "x" }] },
    },
  });
  const map = (...mappers: object[]) => of({ name: "rows", mappers });
  const at = (index: number, key: string) => `streams[0].mappers[${index}].mapperConfiguration.${key}: `;

  test("that aren't there are mistakes, with the nearest", () => {
    expect(map(hashing("nmae"))).toEqual([
      `${at(0, "targetField")}the stream "rows" has no field "nmae"; did you mean "name"?`,
    ]);
    expect(map(renaming("nmae", "x"))).toEqual([expect.stringContaining('has no field "nmae"')]);
    expect(map({ type: "field-filtering", mapperConfiguration: { targetField: "nmae" } })).toEqual([
      expect.stringContaining('has no field "nmae"'),
    ]);
  });

  test("that an earlier one made are there, and what it took is gone", () => {
    expect(map(renaming("name", "person"), hashing("person"), filter("person_h"))).toEqual([]);
    expect(map(hashing("name", ""), hashing("name", ""))).toEqual([]);
    expect(map(hashing("name"), hashing("name"))).toEqual([
      `${at(1, "targetField")}the field "name" of the stream "rows" is gone here: mappers[0] takes it`,
    ]);
    expect(map(renaming("name", "id"))).toEqual([`${at(0, "newFieldName")}the stream "rows" has a field "id" already`]);
  });

  test("that aren't selected don't come to them", () => {
    expect(of({ name: "rows", selectedFields: [{ fieldPath: ["id"] }], mappers: [hashing("name")] })).toEqual([
      `${at(0, "targetField")}the field "name" of the stream "rows" isn't among its selectedFields`,
    ]);
  });

  test("a row filter on another is a warning: a row may have more than its schema, and Airbyte takes it", () => {
    const { issues, warnings } = found({ streams: [{ name: "rows", mappers: [filter("nmae")] }] });
    expect(issues).toEqual([]);
    expect(warnings).toEqual([
      {
        path: ["streams", 0, "mappers", 0, "mapperConfiguration", "conditions", "conditions", 0, "fieldName"],
        text: 'the stream "rows" has no field "nmae"; did you mean "name"?; no row has a value there',
      },
    ]);
  });

  test("in the defaults and in patterns are at their places", () => {
    expect(mistakes({ streams: ["rows"], streamDefaults: { mappers: [hashing("nmae")] } })).toEqual([
      expect.stringMatching(/^streamDefaults\.mappers\[0\]\.mapperConfiguration\.targetField: /),
    ]);
    expect(mistakes({ streams: [{ name: "row*", mappers: [hashing("nmae")] }] })).toEqual([
      expect.stringMatching(/^streams\[0\]\.mappers\[0\]\./),
    ]);
  });

  test("of which the schema says nothing, or the name isn't known yet, pass", () => {
    expect(of({ name: "events", mappers: [hashing("anything")] })).toEqual([]);
    expect(map(hashing("[secret rows.mappers[0].targetField]"), hashing("anything"))).toEqual([]);
  });
});
