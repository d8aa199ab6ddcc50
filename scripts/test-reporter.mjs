import { writeFileSync } from "node:fs";

/** A vitest reporter that writes the counts, and why tests were skipped, to $TEST_RESULT_FILE for scripts/test.mjs. */
export default class ResultFileReporter {
  #byName = false;

  onInit(vitest) {
    this.#byName = Boolean(vitest.config.testNamePattern);
  }

  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const having = (state) => tests.filter((test) => test.result().state === state);
    // a file that can't be loaded and a hook that throws are failures without a test of their own
    const broken = modules
      .flatMap((module) => [module, ...module.children.allSuites()])
      .filter((part) => part.errors().length > 0);
    const result = {
      passed: having("passed").length,
      failed: having("failed").length + broken.length + unhandledErrors.length,
      skipped: having("skipped")
        .filter((test) => !this.#byName || test.result().note) // with -t, all that don't match count as skipped
        .map((test) => ({
          name: `${test.module.relativeModuleId} > ${test.fullName}`,
          reason: test.result().note ?? (test.options.mode === "todo" ? "still to be written" : "no reason given"),
        })),
    };
    writeFileSync(process.env.TEST_RESULT_FILE, JSON.stringify(result));
  }
}
