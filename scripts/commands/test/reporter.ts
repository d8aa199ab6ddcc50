import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import type { Result } from "./run.ts";

/** Writes the counts, and why tests were skipped, to $TEST_RESULT_FILE for the command. */
export default class ResultFileReporter implements Reporter {
  #byName = false;

  onInit(vitest: Vitest): void {
    this.#byName = Boolean(vitest.config.testNamePattern);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const having = (state: "passed" | "failed" | "skipped") => tests.filter((test) => test.result().state === state);
    // a file that can't be loaded and a hook that throws are failures without a test of their own
    const broken = modules
      .flatMap((module) => [module, ...module.children.allSuites()])
      .filter((part) => part.errors().length > 0);
    const result: Result = {
      passed: having("passed").length,
      failed: having("failed").length + broken.length + unhandledErrors.length,
      skipped: having("skipped")
        .filter((test) => !this.#byName || noteOf(test) !== undefined) // with -t, all that don't match count as skipped
        .map((test) => ({
          name: `${test.module.relativeModuleId} > ${test.fullName}`,
          reason: noteOf(test) ?? (test.options.mode === "todo" ? "still to be written" : "no reason given"),
        })),
    };
    writeFileSync(process.env.TEST_RESULT_FILE ?? "", JSON.stringify(result));
  }
}

function noteOf(test: TestCase): string | undefined {
  const result = test.result();
  return result.state === "skipped" ? result.note : undefined;
}
