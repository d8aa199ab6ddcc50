import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.ts";

/** Above it a page is written by hand. */
const mark = "<!-- npm run docs writes what follows -->";

export const docs = command({
  name: "docs",
  summary: "write the references that are made from the code",
  details:
    "They are docs/pipelines.md (from the schema), docs/resources.md (from the doc comments) and docs/targets.md (from the settings).",
  options: { check: { about: "write nothing, and fail where one isn't up to date" } },
  async run({ projectDir, options }) {
    const { format, resolveConfig } = await import("prettier");
    const { pipelinesReference } = await import("./generate/docs.ts");
    const { resourcesReference } = await import("./docs/resources.ts");
    const { settingsReference } = await import("./docs/settings.ts");
    const references = {
      "docs/pipelines.md": pipelinesReference,
      "docs/resources.md": resourcesReference,
      "docs/targets.md": settingsReference,
    };
    let code = 0;
    for (const [name, reference] of Object.entries(references)) {
      const file = join(projectDir, name);
      const old = readFileSync(file, "utf8");
      const [head = "", rest] = old.split(mark);
      if (rest === undefined) throw new Error(`${name} has lost its line: ${mark}`);
      const settings = await resolveConfig(file);
      const written = `${head}${mark}\n\n${await reference(projectDir)}`;
      const text = await format(written, { ...settings, parser: "markdown" });
      if (text === old) console.log(`${name} is up to date`);
      else if (options.check) {
        console.error(`${name} is out of date; write it anew: npm run docs`);
        code = 1;
      } else {
        writeFileSync(file, text);
        console.log(`${name} is written`);
      }
    }
    return code;
  },
});
