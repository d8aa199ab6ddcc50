import { describe, expect, test } from "vitest";
import { faker, load, mistakesOf, postgres } from "./project.ts";

const ends = `sources: { users: { definitionId: ${faker} } }\ndestinations: { warehouse: { definitionId: ${postgres} } }`;
const file = (keys: string) => `connections: { c: { source: users, destination: warehouse, ${keys} } }\n${ends}`;
const connection = (keys: string) => load(file(keys)).connections.c;
/** The mistakes of a connection with these keys, without file and line. */
const mistakes = (keys: string) =>
  mistakesOf(file(keys)).map((mistake) => mistake.replace(/^\S+ connections\.c\./, ""));

describe("connections take the API's form", () => {
  test("a schedule", () => {
    expect(connection("schedule: manual")?.schedule).toEqual({ scheduleType: "manual" });
    expect(connection("schedule: { cron: 0 0 6 * * ? }")?.schedule).toEqual({
      scheduleType: "cron",
      cronExpression: "0 0 6 * * ?",
    });
  });

  test("streams: a name, or a map with field names or paths", () => {
    const streams = `[users, { name: orders, namespace: public, syncMode: incremental_deduped_history, cursorField: updated_at,
      primaryKey: [id, [meta, region]], selectedFields: [id, updated_at],
      mappers: [{ type: hashing, mapperConfiguration: { targetField: email, method: MD5, fieldNameSuffix: _h } }] }, { name: x, cursorField: [a, b] }]`;
    expect(connection(`streams: ${streams}`)?.streams).toEqual([
      { name: "users" },
      {
        name: "orders",
        namespace: "public",
        syncMode: "incremental_deduped_history",
        cursorField: ["updated_at"],
        primaryKey: [["id"], ["meta", "region"]],
        selectedFields: [{ fieldPath: ["id"] }, { fieldPath: ["updated_at"] }],
        mappers: [
          { type: "hashing", mapperConfiguration: { targetField: "email", method: "MD5", fieldNameSuffix: "_h" } },
        ],
      },
      { name: "x", cursorField: ["a", "b"] },
    ]);
  });

  test("everything else as written, and nothing added", () => {
    const tag = `{ tagId: ${faker}, workspaceId: ${faker}, name: finance, color: 1F77B4 }`;
    const keys = `name: C, status: inactive, namespaceDefinition: custom_format, namespaceFormat: "x_\${SOURCE_NAMESPACE}", prefix: p_,
      nonBreakingSchemaUpdatesBehavior: propagate_columns, dataResidency: eu, tags: [${tag}]`;
    expect(connection(keys)).toEqual({
      source: "users",
      destination: "warehouse",
      name: "C",
      status: "inactive",
      namespaceDefinition: "custom_format",
      namespaceFormat: "x_${SOURCE_NAMESPACE}",
      prefix: "p_",
      nonBreakingSchemaUpdatesBehavior: "propagate_columns",
      dataResidency: "eu",
      tags: [{ tagId: faker, workspaceId: faker, name: "finance", color: "1F77B4" }],
    });
  });
});

describe("mistakes in a connection", () => {
  test.each([
    ["an unknown key", "sourceId: x", /^sourceId: unknown key; did you mean "source"\?$/],
    ["an unknown key near none", "colour: x", /^colour: unknown key \(known: source, destination, name, /],
    ["an unknown value", "status: paused", /^status: expected one of active, inactive; found "paused"$/],
    ["a misspelled value", "namespaceDefinition: sorce", /; found "sorce"; did you mean "source"\?$/],
    [
      "status deprecated",
      "status: deprecated",
      /^status: deprecated is how Airbyte marks a deleted connection; .* use inactive$/,
    ],
    [
      "a schedule of another form",
      "schedule: daily",
      /^schedule: expected "manual", \{cron: "<quartz cron>"\} or \{every: "6 hours"\}$/,
    ],
    ["an interval that can't go on evenly", "schedule: { every: 5 hours }", /^schedule: "5 hours" can't go on evenly/],
    ["an interval of another unit", "schedule: { every: month }", /^schedule: expected an interval such as.*"month"$/],
    [
      "an interval under an hour",
      "schedule: { every: 15 minutes }",
      /^schedule: expected an interval such as .*, found "15 minutes"; an hour is the least: /,
    ],
    [
      "a format that nobody goes by",
      "namespaceFormat: raw",
      /^namespaceFormat: Airbyte goes by it with namespaceDefinition: custom_format alone; add that, or leave it out/,
    ],
    [
      "a format beside another definition",
      "namespaceDefinition: source, namespaceFormat: raw",
      /^namespaceFormat: Airbyte goes by it with namespaceDefinition: custom_format alone/,
    ],
    [
      "a definition without its format",
      "namespaceDefinition: custom_format",
      /^namespaceFormat: is missing; namespaceDefinition custom_format needs it/,
    ],
    [
      "an empty format",
      'namespaceDefinition: custom_format, namespaceFormat: ""',
      /^namespaceFormat: is missing; namespaceDefinition custom_format needs it/,
    ],
    [
      "a first sync of what is paused",
      "status: inactive, sync: { onCreate: true }",
      /^sync\.onCreate: a paused connection can't sync; take status: inactive away, or sync$/,
    ],
    [
      "a cron of an hour that a day doesn't have",
      "schedule: { cron: 0 0 25 * * ? }",
      /^schedule\.cron: the 3rd field \(hours\): expected 0 to 23, found "25"; found "0 0 25 \* \* \?"$/,
    ],
    [
      "a time zone that isn't one",
      "schedule: { every: day, timeZone: Europe/Berln }",
      /^schedule\.timeZone: expected the name of a time zone.*did you mean "Europe\/Berlin"\?$/,
    ],
    ["a time limit that isn't one", "sync: { onCreate: true, timeout: 30 }", /^sync\.timeout: expected text/],
    [
      "an unknown way with running syncs",
      "onRunningSync: stop",
      /^onRunningSync: expected one of wait, cancel, refuse/,
    ],
    [
      "a misspelled part of the schedule",
      "schedule: { cron: 0 0 6 * * ?, crno: x }",
      /^schedule\.crno: unknown key; did you mean "cron"\?$/,
    ],
    ["Unix cron", "schedule: { cron: 0 6 * * * }", /^schedule\.cron: expected Quartz cron .*, which is Unix cron$/],
    ["cron without ?", "schedule: { cron: 0 0 6 * * * }", /must be "\?"; found "0 0 6 \* \* \*"$/],
    [
      "cron every second",
      "schedule: { cron: '* 0 6 * * ?' }",
      /^schedule\.cron: the first field \(seconds\) can't be "\*"/,
    ],
    ["cron of one word", "schedule: { cron: '@daily' }", /^schedule\.cron: expected 6 or 7 fields/],
    [
      "cron with a zone in the expression",
      "schedule: { cron: 0 0 6 * * ? Europe/Berlin }",
      /^schedule\.cron: the time zone is a setting of its own \(timeZone\)/,
    ],
    [
      "an unknown sync mode",
      "streams: [{ name: a, syncMode: incremental_apend }]",
      /^streams\[0\]\.syncMode: .*did you mean "incremental_append"\?$/,
    ],
    [
      "a sync mode left unfinished",
      "streams: [{ name: a, syncMode: incremental_dedup }]",
      /did you mean "incremental_deduped_history"\?$/,
    ],
    [
      "a stream without name",
      "streams: [{ nam: a, name: b }]",
      /^streams\[0\]\.nam: unknown key; did you mean "name"\?$/,
    ],
    ["a stream listed twice", "streams: [a, { name: a }]", /^streams\[1\]: the stream "a" is listed twice$/],
    ["no streams", "streams: []", /^streams: the list is empty; leave streams out/],
    [
      "no selected fields",
      "streams: [{ name: a, selectedFields: [] }]",
      /^streams\[0\]\.selectedFields: the list is empty$/,
    ],
    [
      "a primary key that is no list",
      "streams: [{ name: a, primaryKey: id }]",
      /^streams\[0\]\.primaryKey: expected a list; found "id"$/,
    ],
    ["a tag that is no name", `tags: [1]`, /^tags\[0\]: expected the name of an entry under tags, or a tag's id$/],
  ])("%s", (_, keys, expected) => {
    expect(mistakes(keys)).toEqual([expect.stringMatching(expected)]);
  });

  test("an unknown source or destination names the nearest", () => {
    expect(mistakesOf(`connections: { c: { source: user, destination: x } }\n${ends}`)).toEqual([
      'pipelines.yaml:1:29 connections.c.source: there is no source "user"; did you mean "users"?',
      'pipelines.yaml:1:48 connections.c.destination: there is no destination "x" (known: warehouse); the id of one that others manage will do too',
    ]);
  });

  test("a source in a destination's place is told so", () => {
    expect(mistakesOf(`connections: { c: { source: warehouse, destination: users } }\n${ends}`)).toEqual([
      expect.stringMatching(/there is no source "warehouse"; "warehouse" is a destination$/),
      expect.stringMatching(/there is no destination "users"; "users" is a source$/),
    ]);
  });

  test("a name that YAML takes for a number is told to need quotes", () => {
    const text = `sources: { 1234: { definitionId: ${faker} } }\ndestinations: { w: { definitionId: ${postgres} } }\n`;
    expect(mistakesOf(`${text}connections: { c: { source: 1234, destination: w } }`)).toEqual([
      'pipelines.yaml:3:29 connections.c.source: expected text; found 1234, which needs quotes to be text: "1234"',
    ]);
    expect(mistakesOf(`${text}connections: { c: { source: "1234", destination: w } }`)).toEqual([]);
  });

  test("a missing source or destination", () => {
    expect(mistakesOf("connections:\n  c: {}")).toEqual([
      "pipelines.yaml:2:3 connections.c.source: is missing; expected text",
      "pipelines.yaml:2:3 connections.c.destination: is missing; expected text",
    ]);
  });
});

describe("sources and destinations", () => {
  test("keep every key that Airbyte has, and a configuration of any form", () => {
    const allocation =
      "{ default: { cpu_limit: '1' }, jobSpecific: [{ jobType: sync, resourceRequirements: { memory_limit: 2Gi } }] }";
    const keys = `definitionId: ${faker}, name: Users, workspaceId: ${postgres}, resourceAllocation: ${allocation}`;
    const { sources, destinations } = load(
      `sources: { a: { ${keys}, secretId: s, configuration: { x: [1, { y: ~ }] } } }\ndestinations: { a: { ${keys} } }`,
    );
    const actor = {
      definitionId: faker,
      name: "Users",
      workspaceId: postgres,
      resourceAllocation: {
        default: { cpu_limit: "1" },
        jobSpecific: [{ jobType: "sync", resourceRequirements: { memory_limit: "2Gi" } }],
      },
    };
    expect(sources.a).toEqual({ ...actor, secretId: "s", configuration: { x: [1, { y: null }] } });
    expect(destinations.a).toEqual({ ...actor, configuration: {} });
  });

  const sized = (keys: string) => {
    const entry = `{ connector: faker, resourceAllocation: { default: { ${keys} } } }`;
    return mistakesOf(`sources: { a: ${entry} }\ndestinations: { a: ${entry} }`).map((mistake) =>
      mistake.replace(/^\S+ /, ""),
    );
  };

  test.each([
    [
      'memory_limit: "2 GB"',
      'memory_limit: expected bytes as Kubernetes counts them, such as 512Mi or 2Gi; found "2 GB"; did you mean "2G"?',
    ],
    ["memory_request: 2gib", '; found "2gib"; did you mean "2Gi"?'],
    ["memory_limit: 512m", '; found "512m"; did you mean "512M"?'],
    ["ephemeral_storage_limit: much", '; found "much"'],
    ["cpu_limit: two", 'cpu_limit: expected processors as Kubernetes counts them, such as 0.5, 500m or 2; found "two"'],
    ["cpu_request: 2Gi", '; found "2Gi"'],
    ["cpu_limit: 0.50", 'cpu_limit: expected text; found 0.50, which needs quotes to be text: "0.50"'],
  ])("with %s can't run on Kubernetes", (keys, expected) => {
    const mistakes = sized(keys);
    expect(mistakes).toHaveLength(2);
    for (const mistake of mistakes) expect(mistake.endsWith(expected)).toBe(true);
  });

  test.each([
    'cpu_limit: "2", cpu_request: 500m',
    'cpu_limit: ".5"',
    "memory_limit: 2Gi, memory_request: 1.5G",
    'memory_limit: "1e9"',
  ])("with %s can", (keys) => {
    expect(sized(keys)).toEqual([]);
  });

  test.each([
    [
      "no connector",
      "sources:\n  a: {}",
      "pipelines.yaml:2:3 sources.a.connector: is missing; expected the connector's name, such as postgres, its definitionId, or as definition one that is declared here",
    ],
    [
      "a connector said twice",
      `sources:\n  a: { connector: faker, definitionId: ${faker} }`,
      "pipelines.yaml:2:19 sources.a.connector: and definitionId: give one of them",
    ],
    [
      "a definitionId that is no id",
      "sources:\n  a: { definitionId: faker }",
      'pipelines.yaml:2:22 sources.a.definitionId: expected a UUID; found "faker"',
    ],
    [
      "a list in place of a declaration",
      "sources:\n  a: [1]",
      "pipelines.yaml:2:3 sources.a: expected a map; found a list",
    ],
    [
      "nothing in place of a declaration",
      "sources:\n  a:",
      "pipelines.yaml:2:3 sources.a: expected a map; found nothing",
    ],
    ["an unknown kind", "source: {}", 'pipelines.yaml:1:1 source: unknown key; did you mean "sources"?'],
    [
      "a name that is too long",
      `sources: { ${"n".repeat(101)}: { definitionId: ${faker} } }`,
      `pipelines.yaml:1:12 sources.${"n".repeat(101)}: a name has at most 100 characters; found 101`,
    ],
    ["a kind that is a list", "sources: []", "pipelines.yaml:1:1 sources: expected a map; found a list"],
    [
      "a name that Pulumi can't take",
      `sources: { "a::b": { definitionId: ${faker} } }`,
      "pipelines.yaml:1:12 sources[\"a::b\"]: a name can't be empty, and can't hold :: or control characters",
    ],
  ])("%s is a mistake", (_, text, expected) => {
    expect(mistakesOf(text)).toEqual([expected]);
  });
});
