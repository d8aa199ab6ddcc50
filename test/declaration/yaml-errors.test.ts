import { expect, test } from "vitest";
import { mistakesOf } from "./project.ts";

const secret = "hunter2";

test.each([
  [
    "a line that is indented by too little",
    "sources:\n  a:\n    connector: faker\n   configuration:\n      count: 1\nconnections:\n  c: {}\n",
    '4:4 not valid YAML: in the line "configuration: …": indented by 3 spaces, which doesn\'t fit the lines above; the keys of a map begin in one column, and so do the items of a list',
  ],
  [
    "a line that is indented by too much",
    `sources:\n  a:\n    connector: ${secret}\n      configuration:\n      count: 1\n`,
    '4:7 not valid YAML: in the line "configuration: …": indented deeper than the line above, which has a value of its own already',
  ],
  [
    "the same with the ends of lines of Windows",
    "sources:\r\n  a:\r\n   b: 1\r\n    c: 1\r\n",
    '4:5 not valid YAML: in the line "c: …": indented deeper than the line above, which has a value of its own already',
  ],
  [
    "an item that is indented by too little",
    "a:\n  - x\n - y\n",
    "3:2 not valid YAML: indented by 1 space, which doesn't fit the lines above; the keys of a map begin in one column, and so do the items of a list",
  ],
  [
    "a key below the items of a list",
    "a:\n  - x\n  b: 1\n",
    '3:3 not valid YAML: in the line "b: …": indented by 2 spaces, which doesn\'t fit the lines above; the keys of a map begin in one column, and so do the items of a list',
  ],
  [
    "tabs",
    "sources:\n\ta:\n\t\tconnector: faker\n\t\tconfiguration: {}\n",
    '2:1 not valid YAML: in the line "a: …": indented by a tab; YAML wants spaces',
  ],
  [
    "a tab in brackets",
    "a: {\n\tb: 1\n}\n",
    '2:1 not valid YAML: in the line "b: …": indented by a tab; YAML wants spaces',
  ],
  [
    "a colon without a blank behind it",
    `sources:\n  a:\n    password:${secret}\n    configuration: {}\n`,
    "3:5 not valid YAML: expected KEY: VALUE, with a blank after the colon",
  ],
  [
    "a text with a colon",
    `a:\n  password: ${secret}: x\n  d: 1\n`,
    '2:13 not valid YAML: in the line "password: …": a text that holds ": " needs quotes',
  ],
  [
    "a text without its closing quote, where it begins",
    `a:\n  b: "${secret}\n  c: 1\n`,
    '2:6 not valid YAML: in the line "b: …": a text that begins with " has no closing "',
  ],
  [
    "quotes in quotes",
    `a:\n  b: '${secret}'s'\n  c: 1\n`,
    `2:15 not valid YAML: in the line "b: …": more follows where a value has ended; a text with quotes in it needs others around all of it`,
  ],
  [
    "a map without its closing bracket",
    `sources: { a: { connector: ${secret} } \ndestinations: {}\n`,
    '2:1 not valid YAML: in the line "destinations: …": the lines of a map in { } must be indented deeper than its key, and end with }',
  ],
  [
    "a bracket too many",
    "a: {b: 1}}\nc: 1\n",
    '1:10 not valid YAML: in the line "a: …": a closing bracket that closes nothing',
  ],
  [
    "a missing comma",
    "a: {b: 1 c: 2}\n",
    '1:8 not valid YAML: in the line "a: …": a comma is missing between two entries in brackets',
  ],
  [
    "what git could not merge",
    "a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> x\n",
    "2:1 not valid YAML: two versions stand here, which git could not merge; keep one, without the marks",
  ],
  [
    "a key of some lines of text",
    `a:\n  key: -----BEGIN KEY-----\n${secret}==\n-----END\n  b: 1\n`,
    "3:1 not valid YAML: expected KEY: VALUE, with a blank after the colon",
  ],
])("%s is one mistake, in plain words", (_, text, expected) => {
  const mistakes = mistakesOf(text);
  expect(mistakes).toEqual([`pipelines.yaml:${expected}`]);
  expect(mistakes.join()).not.toContain(secret);
});

test("causes that have nothing to do with one another are all told", () => {
  expect(mistakesOf('a: @x\nb: `y\nc: "\\d"\nd:\n  e: 1\n f: 2\n g: 3')).toEqual([
    "pipelines.yaml:1:4 not valid YAML: a text that begins with @ needs quotes",
    "pipelines.yaml:2:4 not valid YAML: a text that begins with ` needs quotes",
    "pipelines.yaml:3:5 not valid YAML: Invalid escape sequence; in double quotes a backslash is written twice",
    expect.stringMatching(/^pipelines.yaml:6:2 not valid YAML: in the line "f: …": indented by 1 space, /),
  ]);
});
