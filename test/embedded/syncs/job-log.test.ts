import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { JobLogs } from "../../../embedded/syncs/job-log.ts";
import type { AttemptFailure } from "../../../embedded/state.ts";
import { retryDelay } from "../../../embedded/syncs/job-run.ts";
import { temporaryFolder } from "../start.ts";

test("the log is a file for its owner alone, there again after a restart, without secrets", () => {
  const folder = join(temporaryFolder(), "job-logs");
  const log = new JobLogs(folder).start(1);
  log.masking = (text) => text.replaceAll("s3cret", "***");
  log.say("begins with s3cret");
  log.connector("source", "INFO", "reads\nwith s3cret");
  const file = join(folder, "1.log");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).not.toContain("s3cret");
  const lines = new JobLogs(folder).of(1).lines();
  expect(lines.map((line) => line.slice(25))).toEqual(["begins with ***", "source > INFO reads", "with ***"]);
  expect(new JobLogs(folder).start(1).lines()).toEqual([]);
});

test("what connectors say has a limit; what the server says has none", () => {
  const log = new JobLogs(null).of(1);
  for (let n = 0; n < 3_000; n++) log.connector("source", "INFO", "x".repeat(1_000));
  log.end();
  log.say("Job 1 succeeded");
  const lines = log.lines();
  expect(lines.length).toBeLessThan(1_100);
  expect(lines.at(-2)).toMatch(/19\d\d more lines of the connectors are left out$/);
  expect(lines.at(-1)).toContain("Job 1 succeeded");
});

const failure = (type: AttemptFailure["type"]): AttemptFailure => ({ origin: "source", type, message: "" });
const policy = { attempts: 4, backoffMs: 100 };
const fruitless = { committed: 0, failure: failure("system_error") };
const fruitful = { committed: 5, failure: failure("transient_error") };

test.each([
  ["the first wait is short", [fruitless], 100],
  ["each is three times as long", [fruitless, fruitless, fruitless], 900],
  ["so many in a row are enough", [fruitless, fruitless, fruitless, fruitless], null],
  ["progress goes on at once", [fruitless, fruitless, fruitless, fruitful], 0],
  ["… and the count begins anew", [fruitless, fruitless, fruitless, fruitful, fruitless], 100],
  ["a wrong configuration is not tried again", [{ committed: 0, failure: failure("config_error") }], null],
  ["an end there is in any case", Array.from({ length: 20 }, () => fruitful), null],
])("%s", (_what, attempts, expected) => {
  expect(retryDelay(attempts, policy)).toBe(expected);
});
