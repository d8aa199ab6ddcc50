import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { command } from "./command.ts";

export const schema = command({
  name: "schema",
  summary:
    "write what is derived from the kinds' descriptions: pipelines.schema.json, with which editors complete and check pipelines.yaml, and the arguments of the resource classes",
  options: { check: { about: "write nothing, and fail where a file isn't up to date" } },
  async run({ projectDir, options }) {
    const { format, resolveConfig } = await import("prettier");
    const { pipelinesJsonSchema } = await import("../../declaration/json-schema.ts");
    const { argumentFiles } = await import("./generate/schema.ts");
    const files = new Map([["pipelines.schema.json", `${JSON.stringify(pipelinesJsonSchema(), undefined, 2)}\n`]]);
    const style = await resolveConfig(import.meta.filename);
    for (const [file, text] of argumentFiles()) files.set(file, await format(text, { ...style, parser: "typescript" }));
    let code = 0;
    for (const [name, text] of files) {
      const file = join(projectDir, name);
      if (!options.check) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        console.log(`${name} is written`);
      } else if (read(file) === text) {
        console.log(`${name} is up to date`);
      } else {
        console.error(`${name} is out of date; write it anew: npm run schema`);
        code = 1;
      }
    }
    return code;
  },
});

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
