import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** `npm test -- --quick` and `--all`; vitest by itself runs whatever it is asked for. */
const extent = process.env.TESTS ?? "all";
const isQuick = extent === "quick";

/** What takes minutes each: run by `.ci/run`, and by whoever names it. */
const heavy = [
  "test/bench/syncs.test.ts",
  "test/embedded/connectors/{manifests,real-sources}.test.ts",
  "test/embedded/syncs/{databases,faker,killed,restarts}.test.ts",
  "test/engine/faults/**",
  "test/engine/{adopt,adopt-ways,aws,bench-pipelines,doctor,earlier-version,follow,killed,later-version,move,package,postgres,real-connectors,three-stacks}.test.ts",
];

/** What isn't quick: it starts Pulumi, Python, a browser or a database, ends servers and waits for them, or tries thousands of documents. */
const slow = [
  ...["test/bench/**", "test/clients/**", "test/properties/**", "test/engine/**"],
  ...["test/embedded/{api,connectors,syncs}/**", "test/providers/kinds/**", "test/house.test.ts"],
  "test/embedded/{faults,folders,launch,lost,server}.test.ts",
  "test/docs/{ci,commands,references,typescript}.test.ts",
  "test/infra/targets/{loading,aws/*}.test.ts",
  "test/providers/{engine-watch,kind,own-airbyte,session}.test.ts",
  "test/providers/api/{client,in-flight,rate-limit,time-limit}.test.ts",
  "test/providers/lifecycle/{create-once,reads,reads-of-objects}.test.ts",
  "test/scripts/commands/{doctor-stack,doctor-tls,doctor,move-carry,open,test,types}.test.ts",
  "test/scripts/setup/**",
  "test/scripts/stack/{fast,follow,operation,stack,targets}.test.ts",
  "test/specification/{patterns,quotations}.test.ts",
];

const unit = {
  test: {
    name: "unit",
    include: ["test/**/*.test.ts"],
    exclude: isQuick ? slow : ["test/engine/**", ...(extent === "usual" ? heavy : [])],
    testTimeout: 20_000,
    server: { deps: { inline: [/@actions\//] } }, // they import JSON as Node doesn't
  },
};

export default defineConfig({
  test: {
    // the tests of the engine wait for other processes half of their time
    maxWorkers: Math.max(2, availableParallelism() - 1),
    silent: "passed-only", // what a test prints is of interest only when it fails
    projects: isQuick
      ? [unit]
      : [
          unit,
          {
            // the same life cycles over Airbyte's older API
            test: {
              name: "config-api",
              include: ["test/providers/lifecycle/**/*.test.ts", "test/providers/kinds/**/*.test.ts"],
              testTimeout: 20_000,
              env: { AIRBYTE_API: "config" },
            },
          },
          {
            // the real Pulumi engine: slow, and after the rest, so that it doesn't starve the others on a small machine
            test: {
              name: "engine",
              include: ["test/engine/**/*.test.ts"],
              exclude: extent === "usual" ? heavy : [],
              testTimeout: 600_000,
              hookTimeout: 600_000,
              sequence: { groupOrder: 1 },
            },
          },
        ],
  },
});
