import { createHash } from "node:crypto";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { maxFileBytes } from "../../../../declaration/document.ts";
import { outputFile, SAMPLE_SHA256, textsOf } from "../../../../scripts/commands/adopt/files.ts";
import { Names } from "../../../../scripts/commands/adopt/model.ts";
import { adoptFiles, projectDir, temporaryFolder } from "../../modules.ts";

const { filesUndone } = adoptFiles;

const asked = { out: undefined, main: "pipelines.yaml", force: false, mustBeRead: true };

function folder(text?: string): string {
  const dir = temporaryFolder();
  if (text !== undefined) writeFileSync(join(dir, "pipelines.yaml"), text);
  return dir;
}

test("the file of pipelines is replaced only where it declares nothing of one's own", () => {
  const sample = readFileSync(join(projectDir, "pipelines.yaml"), "utf8");
  expect(createHash("sha256").update(sample).digest("hex")).toBe(SAMPLE_SHA256);
  for (const free of [undefined, "", "# nothing\n", "sources: {}", sample]) {
    expect(outputFile(folder(free), asked)).toBe("pipelines.yaml");
  }
  const own = folder(sample.replace("count: 1000", "count: 7"));
  expect(() => outputFile(own, asked)).toThrow(
    /declares something already[^]*--out pipelines\/adopted.yaml[^]*--force/,
  );
  expect(outputFile(own, { ...asked, force: true })).toBe("pipelines.yaml");
  expect(outputFile(own, { ...asked, out: "pipelines/adopted.yaml" })).toBe("pipelines/adopted.yaml");
  expect(() => outputFile(folder("defaults: { sources: { connector: faker } }"), asked)).toThrow("declares something");
});

test("who may read a file stays as it was, in the copy too, and when all is undone", () => {
  const dir = folder("sources: {}");
  const file = join(dir, "pipelines.yaml");
  chmodSync(file, 0o600);
  const modes = () => [file, `${file}.before-adopt`].map((path) => (statSync(path).mode & 0o777).toString(8));
  const files = filesUndone([file]);
  files.write(file, "destinations: {}", true);
  expect(modes()).toEqual(["600", "600"]);
  files.restore();
  expect(modes()).toEqual(["600", "600"]);
  expect(readFileSync(file, "utf8")).toBe("sources: {}");
  files.keep();
});

test("what the stack wouldn't read is no place for what its state holds", () => {
  expect(() => outputFile(folder(), { ...asked, out: "other.yaml" })).toThrow("--out pipelines/adopted.yaml");
  expect(() => outputFile(folder(), { ...asked, out: "pipelines/deep/x.yaml" })).toThrow("must stand there");
  expect(outputFile(folder(), { ...asked, out: "other.yaml", mustBeRead: false })).toBe("other.yaml");
  expect(() => outputFile(folder(), { ...asked, out: "../x.yaml", mustBeRead: false })).toThrow("inside the project");
});

test("what would be larger than a file that is read goes into several, the same in every form", () => {
  const text = "x".repeat(250_000);
  const entries = ["a", "b", "c"].map((name) => {
    return {
      kind: "sources" as const,
      name,
      id: name,
      settings: { connector: "faker", configuration: { text } },
      notes: [],
    };
  });
  const filesOf = (file: string, adopt: boolean) => {
    const declared = { entries, leftOut: [], secrets: [] };
    const texts = textsOf({ declared, names: new Names(), file }, { adopt, unknownSecrets: "stored" });
    for (const one of texts) expect(one.text.length).toBeLessThan(maxFileBytes);
    return texts.map((one) => one.file);
  };
  const beside = ["pipelines.yaml", "pipelines/adopted-2.yaml", "pipelines/adopted-3.yaml"];
  expect(filesOf("pipelines.yaml", true)).toEqual(beside);
  expect(filesOf("pipelines.yaml", false)).toEqual(beside);
  expect(filesOf("pipelines/x.yaml", true)).toEqual(["pipelines/x.yaml", "pipelines/x-2.yaml", "pipelines/x-3.yaml"]);
});
