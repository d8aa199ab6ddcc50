// Writes what is derived from the kinds' descriptions: pipelines.schema.json, which editors check pipelines.yaml with, and the arguments of the
// resource classes. With --check: fails where a file isn't up to date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { pipelinesJsonSchema } from "../declaration/json-schema.ts";
import { argumentFiles } from "./schema/args.ts";

const files = new Map([["pipelines.schema.json", `${JSON.stringify(pipelinesJsonSchema(), undefined, 2)}\n`]]);
const style = await resolveConfig(fileURLToPath(import.meta.url));
for (const [file, text] of argumentFiles()) files.set(file, await format(text, { ...style, parser: "typescript" }));

// Relative to the folder that it is started in, which is the project's.
for (const [file, text] of files) {
  if (!process.argv.includes("--check")) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`${file} is written`);
  } else if (read(file) === text) {
    console.log(`${file} is up to date`);
  } else {
    console.error(`${file} is out of date; write it anew: npm run schema`);
    process.exitCode = 1;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
