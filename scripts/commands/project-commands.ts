// What the project does for those who build on it or work on it, in the order in which the overview has it. What they work with they import
// when they run (see command.ts).
import { join } from "node:path";
import { foreground } from "../setup/process.mjs";
import { command, stackOption, type Command } from "./command.ts";

const makePackage = command({
  name: "package",
  summary: "make the npm package that a Pulumi program of your own imports, dist/airbyte-on-pulumi-VERSION.tgz",
  details: "docs/package.md tells how to use it.",
  options: {},
  run: async (call) => (await import("./package.ts")).pack(call),
});

const comment = command({
  name: "comment",
  summary:
    "in GitHub Actions or GitLab CI, put what a preview printed on the pull request, as one comment for each stack, which the next run updates",
  details: "docs/ci.md has complete recipes.",
  args: { shown: "FILE", least: 1 },
  line: "-- FILE [--stack NAME]",
  options: stackOption("the stack that was previewed"),
  examples: ["npm run comment -- preview.txt --stack prod"],
  run: async (call) => (await import("./comment.ts")).writeComment(call),
});

const test = command({
  name: "test",
  summary: "set up what is missing, then run the tests",
  details: "ARGS go to vitest.",
  args: { shown: "ARGS…", most: Infinity },
  line: "[-- ARGS…]",
  options: {
    quick: { about: "without those that start Pulumi, Python or a browser: a minute in place of many" },
    all: {
      about: "with the heavy ones: syncs of real connectors, the package, states of other versions, faults and kills",
    },
  },
  passesOn: "vitest",
  examples: [
    ["npm test -- test/scripts", "one folder"],
    [`npm test -- -t "stack init"`, "by name"],
  ],
  needsPulumi: ({ options }) => !options.quick,
  run: async (call) => (await import("./test/run.ts")).runTests(call),
});

const check = command({
  name: "check",
  summary:
    "types (tsc), directions of imports (dependency-cruiser), rules (eslint) and format (prettier) of the project, and known holes in its packages (npm audit)",
  args: { shown: "FILE…", most: Infinity },
  options: {},
  examples: [
    "npm run check",
    ["npm run check -- scripts/run.mjs", "types of the whole, rules and format of these files: takes seconds"],
  ],
  run: async (call) => (await import("./check.ts")).checkProject(call),
});

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

const bench = command({
  name: "bench",
  summary: "measure this project",
  details: "docs/figures.md tells what came of it elsewhere.",
  args: { shown: "PART [OPTIONS]", least: 1 },
  options: {},
  parts,
  needsPulumi: ({ args: [part] }) => part === "pipelines",
  run: ({ projectDir, env, args: [part = ""], given }) =>
    foreground(process.execPath, [join(projectDir, "bench", `${part}.ts`), ...given.slice(1)], {
      cwd: projectDir,
      env,
    }),
});

export const fuzz = command({
  name: "fuzz",
  summary:
    "odd and hostile calls for both APIs of an embedded Airbyte of its own, by schemathesis, and texts for its page, in Chromium where there is one",
  details:
    "Fails at a 5xx that is no answer of Airbyte's, at no answer, at a server that ends, at what isn't JSON, at a stack trace, at lists that are broken afterwards, and at a text that the page runs.",
  options: {
    seconds: { default: "240", about: "the longest that the APIs are called" },
    examples: {
      default: "20",
      about:
        "calls of each operation, besides those at the edges of its schema; texts for the page, besides those that are known",
    },
    seed: { value: "NUMBER", about: "of a run before, to have it again" },
  },
  examples: ["npm run fuzz -- --seed 4711"],
  run: ({ projectDir, given }) =>
    foreground(process.execPath, [join(projectDir, "fuzz/fuzz.ts"), ...given], { cwd: projectDir }),
});

export const schema = command({
  name: "schema",
  summary:
    "write what is derived from the kinds' descriptions: pipelines.schema.json, with which editors complete and check pipelines.yaml, and the arguments of the resource classes",
  options: { check: { about: "write nothing, and fail where a file isn't up to date" } },
  run: async (call) => (await import("./generate/schema.ts")).writeSchema(call),
});

const docs = command({
  name: "docs",
  summary: "write the references that are made from the code",
  details:
    "They are docs/pipelines.md (from the schema), docs/resources.md (from the doc comments) and docs/targets.md (from the settings).",
  options: { check: { about: "write nothing, and fail where one isn't up to date" } },
  run: async (call) => (await import("./generate/docs.ts")).writeReferences(call),
});

const lockConnectors = command({
  name: "lock-connectors",
  summary: "write embedded/connectors/python/locks, the packages of Airbyte's connectors with their hashes",
  details: "Needed after a change of embedded/connectors/published.ts.",
  args: { shown: "NAME…", most: Infinity },
  options: {},
  examples: [["npm run lock-connectors -- source-faker", "this one only"]],
  run: async (call) => (await import("./lock-connectors.ts")).lockPackages(call),
});

export const projectCommands: readonly Command[] = [
  makePackage,
  comment,
  test,
  check,
  bench,
  fuzz,
  schema,
  docs,
  lockConnectors,
];
