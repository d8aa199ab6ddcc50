// npm run fuzz: odd calls for both APIs of an embedded Airbyte, and hostile texts for its page.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPart } from "../bench/program.ts";
import { fuzzApis } from "./apis.ts";
import { tableOf } from "./gateway.ts";
import { fuzzPage } from "./page.ts";
import { readOptions } from "./options.ts";

const mostShown = 20;

await runPart(async (args) => {
  const options = readOptions(args);
  console.error(`Seed ${options.seed}`);
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  try {
    const outcomes = [...(await fuzzApis(options, folder)), await fuzzPage(options, folder)];
    const failures = outcomes.flatMap((outcome) => outcome.failures);
    for (const { what, method, path, sent } of failures.slice(0, mostShown))
      console.log(`${what}: ${method} ${path} ${sent}`);
    if (failures.length > mostShown) console.log(`… and ${failures.length - mostShown} more`);
    console.log(`\nSeed ${options.seed}\n\n${tableOf(outcomes)}`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
