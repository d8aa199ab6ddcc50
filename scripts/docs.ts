// Writes the parts of the docs that are made from the code. With --check: fails where one isn't up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { pipelinesReference } from "./docs/pipelines.ts";
import { resourcesReference } from "./docs/resources.ts";
import { settingsReference } from "./docs/settings.ts";

const projectDir = fileURLToPath(new URL("..", import.meta.url));
const references = {
  "docs/pipelines.md": pipelinesReference,
  "docs/resources.md": resourcesReference,
  "docs/targets.md": settingsReference,
};

/** Above it a page is written by hand. */
const mark = "<!-- npm run docs writes what follows -->";

for (const [name, reference] of Object.entries(references)) {
  const file = `${projectDir}${name}`;
  const old = readFileSync(file, "utf8");
  const [head = "", rest] = old.split(mark);
  if (rest === undefined) throw new Error(`${name} has lost its line: ${mark}`);
  const settings = await resolveConfig(file);
  const text = await format(`${head}${mark}\n\n${await reference(projectDir)}`, { ...settings, parser: "markdown" });
  if (text === old) console.log(`${name} is up to date`);
  else if (process.argv.includes("--check")) {
    console.error(`${name} is out of date; write it anew: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`${name} is written`);
  }
}
