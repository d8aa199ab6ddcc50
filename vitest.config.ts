import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // the tests of the engine wait for other processes half of their time
    maxWorkers: Math.max(2, availableParallelism() - 1),
    silent: "passed-only", // what a test prints is of interest only when it fails
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/engine/**"],
          testTimeout: 20_000,
          server: { deps: { inline: [/@actions\//] } }, // they import JSON as Node doesn't
        },
      },
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
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
