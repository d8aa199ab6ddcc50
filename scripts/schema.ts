// Writes pipelines.schema.json, which editors check pipelines.yaml with. With --check: fails where the file isn't up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pipelinesJsonSchema } from "../declaration/json-schema.ts";

const file = fileURLToPath(new URL("../pipelines.schema.json", import.meta.url));
const text = `${JSON.stringify(pipelinesJsonSchema(), undefined, 2)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
  console.log("pipelines.schema.json is written");
} else if (read() === text) {
  console.log("pipelines.schema.json is up to date");
} else {
  console.error("pipelines.schema.json is out of date; write it anew: npm run schema");
  process.exitCode = 1;
}

function read(): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
