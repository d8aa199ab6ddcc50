import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sections as kinds } from "../../providers/airbyte/kinds/names.ts";
import { mistakesOf } from "../declaration/project.ts";
import { lookedAtBy } from "./classification.ts";
import { pages, type Block } from "./pages.ts";

const blocks = pages
  .flatMap((page) => page.blocks)
  .filter(({ language, section }) => language === "yaml" && !(section in lookedAtBy));
const known = new Set<string>([...kinds, "defaults"]);
const isPipelines = ({ text }: Block) => Object.keys(parse(text) as object).every((key) => known.has(key));
const isStackFile = ({ text }: Block) => "config" in (parse(text) as object);

/** A stack that has a value for whatever is asked. */
const anything = { secret: (name: string) => `secret-${name}`, config: () => "7" };

const pipelines = blocks.filter(isPipelines);
const sections = [...new Set(pipelines.map(({ section }) => section))];

describe("pipelines in the docs load without a mistake, those of a section together", () => {
  test.each(sections)("%s", (section) => {
    const together = pipelines.filter((block) => block.section === section);
    const files = together.map(({ text }, index) => [`pipelines/block-${index}.yaml`, text] as const);
    expect(mistakesOf({ "pipelines.yaml": "sources: {}", ...Object.fromEntries(files) }, anything)).toEqual([]);
  });
});

test("every other yaml is a stack's settings, or is looked at elsewhere", () => {
  const rest = blocks.filter((block) => !isPipelines(block) && !isStackFile(block));
  expect(rest.map(({ section, line }) => `${section}, line ${line}`)).toEqual([]);
});
