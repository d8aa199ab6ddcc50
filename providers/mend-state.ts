#!/usr/bin/env node
// airbyte-mend-state FILE: mends a state that Pulumi has exported, in which a resource doesn't name its code (see without-code.ts). For
// those who use plain Pulumi; the project's own commands do it by themselves.
import { readFileSync, writeFileSync } from "node:fs";
import { nextStep } from "../errors/user-error.ts";
import { nameCode } from "./without-code.ts";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || file.startsWith("-") || rest.length > 0) {
  console.error("airbyte-mend-state FILE, where FILE is what `pulumi stack export --file FILE` has written");
  process.exitCode = 2;
} else {
  try {
    mend(file);
  } catch (error) {
    console.error(`${file} can't be mended: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function mend(file: string): void {
  const state = JSON.parse(readFileSync(file, "utf8")) as Parameters<typeof nameCode>[0];
  const mended = nameCode(state);
  if (mended === 0) return console.log("Nothing is wrong in this state: every resource names its code.");
  writeFileSync(file, JSON.stringify(state, null, 4));
  console.log(`${mended} mended. ${nextStep(`pulumi stack import --file ${file}`)}`);
}
