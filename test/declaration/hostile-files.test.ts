import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigurationError } from "../../errors/user-error.ts";
import { loadPipelines } from "../../declaration/declare.ts";
import { load, mistakesOf, project, values } from "./project.ts";

const source = "{ connector: faker }";
const configured = (value: string) => `sources: { a: { connector: faker, configuration: { x: ${value} } } }`;

/** What is wrong in a folder that is there already. */
function mistakesIn(folder: string): readonly string[] {
  try {
    loadPipelines(folder, "pipelines.yaml", values());
  } catch (error) {
    if (error instanceof ConfigurationError) return [...error.mistakes];
    throw error;
  }
  return [];
}

function outside(text = "sources: {}"): string {
  const folder = mkdtempSync(join(tmpdir(), "outside-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, "a.yaml"), text);
  return folder;
}

describe("what only looks like text", () => {
  test.each([
    ["UTF-16", Buffer.from("\ufeffsources: {}", "utf16le")],
    ["Latin-1", Buffer.from(`sources: { "\xe4": ${source} }`, "latin1")],
    ["a program", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01, 0xff, 0xfe])],
  ])("%s is refused", (_, bytes) => {
    const folder = project({});
    writeFileSync(join(folder, "pipelines.yaml"), bytes);
    expect(mistakesIn(folder)).toEqual(["pipelines.yaml is not text in UTF-8"]);
  });

  test("a byte order mark is none of it", () => {
    expect(Object.keys(load(`\ufeffsources: { a: ${source} }`).sources)).toEqual(["a"]);
  });

  test.each([
    ["a function", "!!js/function 'function () {}'", "js/function"],
    ["bytes", "!!binary aGVsbG8=", "binary"],
    ["a set", "!!set { a, b }", "set"],
    ["an ordered map", "!!omap [a: 1]", "omap"],
    ["a date", "!!timestamp 2001-12-14", "timestamp"],
  ])("the tag of %s is refused, which JSON doesn't have", (_, value, tag) => {
    expect(mistakesOf(configured(value))).toEqual([
      `pipelines.yaml:1:55 not valid YAML: Unresolved tag: tag:yaml.org,2002:${tag}`,
    ]);
  });

  test("a date without a tag stays the text that it is", () => {
    expect(load(configured("2001-12-14")).sources.a?.configuration.x).toBe("2001-12-14");
  });

  test.each([
    ["YAML 1.1", `%YAML 1.1\n---\n${configured("yes")}`, /^pipelines.yaml:1:1 is YAML 1.1, in which/],
    ["a tab", "sources:\n\ta: 1", /^pipelines.yaml:2:1 not valid YAML: .*indented by a tab; YAML wants spaces$/],
    ["half a character", configured('"\\uD800"'), /^pipelines.yaml:1:55 holds half a character/],
    ["a merge of no map", `sources: { a: { <<: [1] } }`, /^pipelines.yaml:1:17 << takes a map, or a list of maps$/],
    [
      "a merge of a list in a list",
      `sources: { a: { <<: [[{}]] } }`,
      /^pipelines.yaml:1:17 << takes a map, or a list of/,
    ],
    [
      '1 and "1"',
      `sources: { 1: ${source}, "1": ${source} }`,
      /^pipelines.yaml:1:37 not valid YAML: the key 1 is there already/,
    ],
  ])("%s is refused", (_, text, expected) => {
    expect(mistakesOf(text)).toEqual([expect.stringMatching(expected)]);
  });

  test("control characters that a message quotes can't break it, nor reach the terminal", () => {
    const text = `connections: { c: { source: "a\\nb\\e[31m", destination: "\\u0085" } }`;
    expect(mistakesOf(text)).toEqual([
      'pipelines.yaml:1:29 connections.c.source: there is no source "a\\u000ab\\u001b[31m"; the id of one that others manage will do too',
      'pipelines.yaml:1:56 connections.c.destination: there is no destination "\\u0085"; the id of one that others manage will do too',
    ]);
  });
});

describe("references where none can be", () => {
  const stack = values({ p: "s3cret" });
  test.each([
    [
      "in an entry's name",
      `sources: { "\${secret:p}": ${source} }`,
      'sources["${secret:p}"]: a name can\'t hold ${…} here',
    ],
    [
      "in a name with forEach",
      `sources: { "\${secret:p}\${each}": { forEach: [a], connector: faker } }`,
      'makes the name "${secret:p}a", which can\'t be one',
    ],
    [
      "in a key of a configuration",
      `sources: { a: { connector: faker, configuration: { "\${secret:p}": 1 } } }`,
      'sources.a.configuration["${secret:p}"]: a key can\'t hold ${…}',
    ],
    ["without an end", configured('"${secret:p"'), "sources.a.configuration.x: ${secret:p has no closing }"],
    ["of an unknown form", configured('"${unknown:x}"'), "sources.a.configuration.x: ${unknown:x} is not known"],
    ["in one another", configured('"${config:${secret:p}}"'), "needs a name of letters"],
  ])("%s are refused, and show no secret", (_, text, expected) => {
    const mistakes = mistakesOf(text, stack);
    expect(mistakes).toEqual([expect.stringContaining(expected)]);
    expect(mistakes.join()).not.toContain("s3cret");
  });
});

describe("files elsewhere", () => {
  test.each(["pipelines.yaml", "pipelines/a.yaml"])("%s as a link out of the project is refused", (name) => {
    const folder = project({ "pipelines.yaml": "sources: {}", "pipelines/b.yaml": "sources: {}" });
    rmSync(join(folder, name), { force: true });
    symlinkSync(join(outside(), "a.yaml"), join(folder, name));
    expect(mistakesIn(folder)).toEqual([
      `${name} is a link that leads out of the project's folder; put the file itself there`,
    ]);
  });

  test("a folder that is such a link, too; a link inside the project is fine", () => {
    const folder = project({ "pipelines.yaml": "sources: {}", "shared.yaml": `sources: { a: ${source} }` });
    mkdirSync(join(folder, "pipelines"));
    symlinkSync(join(folder, "shared.yaml"), join(folder, "pipelines/a.yaml"));
    expect(mistakesIn(folder)).toEqual([]);
    rmSync(join(folder, "pipelines"), { recursive: true });
    symlinkSync(outside(), join(folder, "pipelines"));
    expect(mistakesIn(folder)).toEqual([expect.stringMatching(/^pipelines\/a.yaml is a link that leads out/)]);
  });

  test("a pipe is not waited for, a folder is no file, and a link to nothing is missing", () => {
    const folder = project({ "pipelines.yaml": "sources: {}", "pipelines/c.yaml/d.yaml": "" });
    execFileSync("mkfifo", [join(folder, "pipelines/a.yaml")]);
    symlinkSync("nowhere", join(folder, "pipelines/b.yaml"));
    symlinkSync("d.yaml", join(folder, "pipelines/d.yaml"));
    expect(mistakesIn(folder)).toEqual([
      "pipelines/a.yaml is no file, but a pipe or a device",
      "pipelines/b.yaml there is no such file",
      "pipelines/c.yaml is a folder; expected a file",
      "pipelines/d.yaml can't be read: ELOOP",
    ]);
  });

  test("a folder that can't be read is not taken for an empty one", (context) => {
    if (process.getuid?.() === 0) return context.skip("needs a user who is not root, who may read everything");
    const folder = project({ "pipelines.yaml": "sources: {}", "pipelines/a.yaml": "sources: {}" });
    chmodSync(join(folder, "pipelines"), 0);
    onTestFinished(() => {
      chmodSync(join(folder, "pipelines"), 0o700);
    });
    expect(mistakesIn(folder)).toEqual(["pipelines can't be read: EACCES"]);
  });

  test.each([
    ["../a.yaml", "../a.yaml is outside the project's folder"],
    ["/etc/passwd", "/etc/passwd is outside the project's folder"],
    ["link.yaml", "link.yaml is a link that leads out of the project's folder; put the file itself there"],
  ])("a manifestFile %s is refused", (manifestFile, expected) => {
    const text = `declarativeSourceDefinitions: { a: { manifestFile: ${manifestFile} } }`;
    const folder = project({ "pipelines.yaml": text });
    symlinkSync(join(outside("spec: {}"), "a.yaml"), join(folder, "link.yaml"));
    expect(mistakesIn(folder)).toEqual([
      `pipelines.yaml:1:52 declarativeSourceDefinitions.a.manifestFile: ${expected}`,
    ]);
  });

  test.each([
    ".airbyte/dev/embedded/credentials.json",
    ".airbyte/passphrase",
    "./sub/../.airbyte/passphrase",
    ".pulumi-state/.pulumi/stacks/p/dev.json",
    "state/.pulumi/stacks/p/dev.json",
    ".env",
    ".git/config",
    "Pulumi.dev.yaml",
    "Pulumi.yaml",
    "PULUMI.prod.yml",
    "link.yaml",
    "linked/passphrase",
  ])("what keeps credentials and state is no manifestFile: %s", (manifestFile) => {
    const text = `declarativeSourceDefinitions: { a: { manifestFile: ${manifestFile} } }`;
    const folder = project({ "pipelines.yaml": text, ".airbyte/passphrase": "spec: s3cret", "sub/x": "" });
    symlinkSync(".airbyte/passphrase", join(folder, "link.yaml"));
    symlinkSync(".airbyte", join(folder, "linked"));
    const mistakes = mistakesIn(folder);
    expect(mistakes).toEqual([expect.stringContaining(" is among what is hidden, such as credentials and state")]);
    expect(mistakes.join()).not.toContain("s3cret");
  });

  test("nor are such files those of pipelines, by a link that stays in the project", () => {
    const folder = project({
      "pipelines.yaml": "sources: {}",
      ".airbyte/passphrase": "s3cret",
      "pipelines/b.yaml": "destinations: {}",
    });
    symlinkSync("../.airbyte/passphrase", join(folder, "pipelines/a.yaml"));
    expect(mistakesIn(folder)).toEqual([expect.stringMatching(/^pipelines\/a.yaml is among what is hidden/)]);
  });

  test("a manifest has the same limits as the files of pipelines", () => {
    const mistakes = (manifest: string) =>
      mistakesOf({
        "pipelines.yaml": "declarativeSourceDefinitions: { a: { manifestFile: a.yaml } }",
        "a.yaml": manifest,
      });
    expect(mistakes("a: &x [*x]")).toEqual(["a.yaml:1:8 *x contains itself"]);
    expect(mistakes("")).toEqual(["a.yaml is empty; expected a manifest"]);
    expect(mistakes("a: 1\na: 2")).toEqual([expect.stringMatching(/^a.yaml:2:1 not valid YAML: the key a is there/)]);
  });
});
