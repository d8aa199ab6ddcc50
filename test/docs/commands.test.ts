import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { secretNames } from "../../declaration/names.ts";
import {
  lookedAtBy,
  notRun,
  realConnectors,
  runElsewhere,
  standIns,
  startsAnew,
  supposes,
  typesOnly,
} from "./classification.ts";
import { mistakesIn } from "./command-line.ts";
import { commandLines, pages, projectDir } from "./pages.ts";
import { outputs, walkthroughs } from "./walkthrough.ts";

const blocks = pages.flatMap((page) => page.blocks);
const lines = blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => commandLines(text));

describe.each(pages)("$name", (page) => {
  const { name, blocks: own, inlineCode } = page;
  const asked = new Set([...secretNames(projectDir), ...own.flatMap(({ text }) => namesIn(text))]);

  test("has commands, options and settings that exist", () => {
    const commands = own.filter(({ language }) => language === "sh").flatMap(({ text }) => commandLines(text));
    const ofPulumi = inlineCode.map((code) => code.replace(/^config set /, "pulumi config set "));
    const mentioned = ofPulumi.filter((code) => /^(npm|pulumi) /.test(code)).flatMap(commandLines);
    expect([...commands, ...mentioned].flatMap((line) => mistakesIn(line, asked))).toEqual([]);
  });

  test("has no block that nothing looks at", () => {
    const known = ["sh", ...outputs, "yaml", "ts", "json"];
    const unknown = own.filter(({ language, section }) => !known.includes(language) && !(section in lookedAtBy));
    expect(unknown.map(({ line, language }) => `${name}:${line}: \`\`\`${language}`)).toEqual([]);
  });

  test("has no output that nothing prints", () => {
    const printed = walkthroughs(page).flat();
    const rest = own.filter((block) => outputs.includes(block.language) && !printed.includes(block));
    expect(rest.filter(({ section }) => !(section in lookedAtBy) && !(section in notRun))).toEqual([]);
  });

  test("has json that can be read", () => {
    for (const { text } of own.filter(({ language }) => language === "json")) JSON.parse(text);
  });
});

test("the tables of exceptions name what is in the docs", () => {
  const sections = new Set(blocks.map(({ section }) => section));
  const names = new Set([...sections, ...pages.map(({ name }) => name), ...lines]);
  const listed = [notRun, runElsewhere, supposes, lookedAtBy].flatMap((table) => Object.keys(table));
  expect([...listed, ...startsAnew, ...realConnectors].filter((name) => !names.has(name))).toEqual([]);
  const texts = blocks.map(({ text }) => text).join("\n");
  expect([...Object.keys(standIns), ...Object.keys(typesOnly)].filter((part) => !texts.includes(part))).toEqual([]);
});

test.each(Object.entries({ ...runElsewhere, ...lookedAtBy }))("%s is read from the page by %s", (section, file) => {
  expect(existsSync(join(projectDir, file))).toBe(true);
  expect(readFileSync(join(projectDir, file), "utf8")).toContain(section.split("#")[0]);
});

test.each([
  ["npm run strat", "package.json has no such script"],
  ["npm start --stack prod", "-- is missing"],
  ["npm run preview -- --dif", "no such option"],
  ["npm run pulumi -- config set --path embedded.prot 1", "no such setting"],
  ["openssl rand 3 | npm run pulumi -- config set --secret rootsecret", "no such setting"],
  ["pulumi stack select --crate x", "no such option"],
])("%s would be found out", (line, words) => {
  expect(mistakesIn(line, new Set()).join()).toContain(words);
});

/** What `${secret:NAME}` and its like on a page, and its programs, ask the stack for. */
function namesIn(text: string): string[] {
  const asks = /(?:\$\{(?:secret|config|number|boolean):|\bconfig\.\w+\(")([\w.-]+)/g;
  return [...text.matchAll(asks)].map(([, name = ""]) => name);
}
