import { join } from "node:path";
import { foreground } from "../setup/process.mjs";
import { command, type Command } from "./command.ts";

/** What can be measured. */
export const parts = {
  syncs: {
    about: "rows per second of sample data into DuckDB and PostgreSQL, by the embedded Airbyte and by PyAirbyte alone",
    options: {
      rows: { default: "20000,100000", about: "row counts, even and above 200" },
      runs: { default: "3", about: "measured runs of each side, of which the median is told" },
      to: {
        default: "duckdb,postgres",
        about: "into which databases; a PostgreSQL of its own is started (Debian: apt install postgresql)",
      },
      alone: { about: "without PyAirbyte: memory with 1000000 rows in half the time" },
      json: { value: "FILE", default: ".airbyte/bench/syncs.json", about: "where all figures go" },
    },
  },
  pipelines: {
    about:
      "up, preview, refresh and destroy of 3 to 900 resources in an embedded Airbyte: time, memory, API calls, state",
    options: {
      pipelines: {
        default: "1,10,100,300",
        about: "how many sources, destinations and connections, of each as many",
      },
      stacks: { default: "1", about: "in how many stacks, of each as many: one after the other, all together" },
      mode: {
        default: "default",
        about:
          "of default,fast,floor,fast-floor,terraform: as it is set up; with fast: true; what Pulumi alone takes for as many resources (alike, but each only waits), in both modes; Terraform, where it is on the PATH (or tofu as TERRAFORM), with Airbyte's official provider",
      },
      latency: { default: "5,50", about: "how much longer every API call takes, in milliseconds" },
      runs: { default: "3", about: "measured runs, of which the median is told" },
      json: {
        value: "FILE",
        default: ".airbyte/bench/pipelines.json",
        about: "where all figures go, calls by kind as well",
      },
      svg: { value: "FILE", default: ".airbyte/bench/pipelines.svg", about: "where a plot of the seconds goes" },
    },
  },
} as const satisfies Command["parts"];

export const bench = command({
  name: "bench",
  summary: "measure this project",
  details: "docs/figures.md tells what came of it elsewhere.",
  args: { shown: "PART [OPTIONS]", least: 1 },
  options: {},
  parts,
  needsPulumi: (part) => part === "pipelines",
  run: ({ projectDir, env, args: [part = ""], given }) =>
    foreground(process.execPath, [join(projectDir, "bench", `${part}.ts`), ...given.slice(1)], {
      cwd: projectDir,
      env,
    }),
});
