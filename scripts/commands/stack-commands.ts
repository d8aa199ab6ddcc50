// What the project does with a stack, in the order in which the overview has it. What they work with they import when they run (see
// command.ts).
import { command, stackOption, type Call, type Command } from "./command.ts";

const operate = (verb: string) => async (call: Call) => (await import("../stack/operation.ts")).operate(verb, call);

const up = command({
  name: "up",
  summary: "set up what is missing, then create or change everything as declared",
  options: {
    ...stackOption(),
    yes: { about: "don't ask (on the embedded Airbyte nothing is asked anyway)" },
    "allow-unprotect": {
      value: "NAME",
      about: `delete this one although the stack's "production: true" or its own "protect: true" forbids it`,
    },
    diff: { about: "show a preview, field by field (elsewhere there is one without it too)" },
  },
  passesOn: "pulumi",
  examples: ["npm start", "npm start -- --stack prod --diff"],
  needsPulumi: true,
  run: operate("up"),
});

const preview = command({
  name: "preview",
  summary: "show what npm start would change",
  details:
    "Changes nothing in Airbyte. On a fresh checkout it makes the stack, empty, fills missing secrets of the sample pipelines with placeholders and installs the connectors that they are checked by, with progress; it starts no server.",
  options: { ...stackOption(), diff: { about: "field by field" } },
  passesOn: "pulumi",
  needsPulumi: true,
  run: operate("preview"),
});

const refresh = command({
  name: "refresh",
  summary: "take into the state, at once, what was changed by hand in Airbyte; --preview-only shows it",
  options: { ...stackOption(), "preview-only": { about: "show the differences, and write nothing" } },
  passesOn: "pulumi",
  needsPulumi: true,
  run: operate("refresh"),
});

const destroy = command({
  name: "destroy",
  summary: "remove everything that npm start created",
  details: "On the targets aws and kubernetes the volumes with Airbyte's data stay, and are named at the end.",
  options: {
    ...stackOption(),
    "destroy-data": { about: "on the targets aws and kubernetes: remove the data too" },
    "allow-unprotect": {
      value: "NAME",
      about: `remove this one although the stack's "production: true" or its own "protect: true" forbids it`,
    },
    yes: { about: "don't ask" },
  },
  passesOn: "pulumi",
  needsPulumi: true,
  run: operate("destroy"),
});

const pulumi = command({
  name: "pulumi",
  summary: "any pulumi command, on the project's stack and with the same set-up",
  args: { shown: "ARGS…", least: 1 },
  line: "-- ARGS…",
  options: stackOption(),
  passesOn: "pulumi",
  examples: [
    ["npm run pulumi -- config set --secret NAME", "asks for the value, or reads it from stdin"],
    "npm run pulumi -- stack output --json",
    ["npm run pulumi -- help", "pulumi's own help"],
  ],
  needsPulumi: true,
  run: async ({ projectDir, given, env }) => (await import("../stack/operation.ts")).pulumi(projectDir, given, env),
});

const rows = command({
  name: "rows",
  summary: "what has arrived in the destinations of the embedded Airbyte",
  details: "Counts, or the first rows of a stream.",
  args: { shown: "STREAM", most: 1 },
  options: stackOption("the stack whose embedded Airbyte it is"),
  examples: ["npm run rows", "npm run rows -- users"],
  run: async (call) => (await import("../stack/arrived.ts")).printArrived(call),
});

export const open = command({
  name: "open",
  summary: "print a link to the page of the embedded Airbyte, and open it in a browser where there is one",
  details:
    "The page shows pipelines, settings, jobs and rows, and starts syncs. The link is good once, for five minutes.",
  options: {
    ...stackOption("the stack whose embedded Airbyte it is"),
    "no-browser": { about: "only print the link" },
  },
  run: async (call) => (await import("./open.ts")).openPage(call),
});

const graph = command({
  name: "graph",
  summary: "the pipelines of a stack as a Mermaid flowchart, from its state",
  details: "With -s npm itself prints nothing.",
  options: {
    markdown: { about: "as a block of Markdown, for a README or a pull request" },
    out: { value: "FILE", about: "into a file" },
    ...stackOption("the stack"),
  },
  examples: ["npm run -s graph -- --out docs/pipelines.mmd"],
  needsPulumi: true,
  run: async (call) => (await import("./graph.ts")).draw(call),
});

const doctor = command({
  name: "doctor",
  summary: "try this machine, the stack's settings and its Airbyte step by step, and say what to mend",
  details: "Changes nothing; starts the embedded Airbyte of a stack that has one. Exit code 1 if something is wrong.",
  options: stackOption("the stack that is looked at"),
  needsPulumi: true,
  run: async (call) => (await import("./doctor/machine.ts")).examineAll(call),
});

export const adopt = command({
  name: "adopt",
  summary:
    "turn what lives in an Airbyte into a file of pipelines, and take it into the stack's state, so that the next preview shows no change",
  details: "Writes nothing to Airbyte. docs/adopt.md tells more.",
  options: {
    url: { value: "ADDRESS", about: "the Airbyte, for a stack that has none yet (default: the stack's own)" },
    workspace: {
      value: "ID",
      several: true,
      about:
        "the workspace, by id or name; several times for several, all for all (default: the stack's own, or the only one)",
    },
    also: {
      value: "KINDS",
      several: true,
      about: "permissions,applications,regions too: to delete those can lock people out",
    },
    out: {
      value: "FILE",
      about: "where to (default: the stack's file of pipelines, as long as that declares nothing of one's own)",
    },
    force: { about: "replace that file all the same; a copy is kept beside it" },
    "ask-secrets": {
      about:
        "${secret:NAME} for each secret that Airbyte doesn't show, and the commands to set them (default: ${stored}, which keeps the one that Airbyte has)",
    },
    "no-state": {
      about: "write the file alone, with the ids in it, by which the next npm start takes everything over",
    },
    "from-tfstate": {
      value: "FILE",
      about: "take over what a Terraform state of the provider airbytehq/airbyte holds, with its names and secrets",
    },
    typescript: { about: "write resource classes in place of YAML" },
    ...stackOption(),
  },
  examples: ["npm run adopt -- --url https://airbyte.example.com --workspace Marketing"],
  needsPulumi: true,
  run: async (call) => (await import("./adopt/take-over.ts")).takeOver(call),
});

const move = command({
  name: "move",
  summary: "make the pipelines of a stack in the Airbyte of another stack of this project",
  details:
    "From a trial to the real thing. Says beforehand what stands in the way; the first stack is left as it is. docs/move.md tells more.",
  line: "-- --to STACK [--stack NAME]",
  options: {
    to: { value: "STACK", about: "the other stack, with a target and settings of its own" },
    ...stackOption("the stack whose pipelines they are"),
    check: { about: "say what would be done, and what stands in the way; change nothing" },
    "with-secrets": { about: "carry the secrets over that the pipelines name and the other stack lacks" },
    "with-state": { about: "carry every sync state over, also where the tables may not be the same" },
    "without-state": { about: "carry none over: everything is synced again" },
    paused: { about: "leave the connections of the other stack paused" },
    yes: { about: "don't ask" },
  },
  examples: [
    "npm run pulumi -- stack init prod --no-select",
    "npm run pulumi -- config set target existing --stack prod",
    "npm run move -- --to prod --check",
    "npm run move -- --to prod",
  ],
  needsPulumi: true,
  run: async (call) => (await import("./move/carry-out.ts")).movePipelines(call),
});

export const connect = command({
  name: "connect",
  summary: "let the stack NAME, which holds pipelines alone, live in the Airbyte of another stack",
  details:
    "Sets target, platform, workspace, certificate authority, client id and secret in its settings; makes the stack if there is none. Run it again after new credentials.",
  line: "-- --from STACK --stack NAME",
  options: {
    from: { value: "STACK", about: "the stack that owns the Airbyte" },
    ...stackOption("the stack of the pipelines"),
  },
  examples: ["npm run connect -- --from platform --stack sales"],
  needsPulumi: true,
  run: async (call) => (await import("./connect.ts")).connectStacks(call),
});

export const types = command({
  name: "types",
  summary: `write TypeScript types of connectors' configurations, with which an editor completes and checks new Source("x", { connector, configuration })`,
  details:
    "They come from the specifications that the stack's Airbyte has: of the connectors that its workspace and the files of the pipelines use, and of those that you name. docs/types.md tells more.",
  options: {
    connectors: {
      value: "LIST",
      several: true,
      about: "more connectors: postgres,google-sheets; or source-postgres, where only the source is meant",
    },
    all: { about: "every connector that this Airbyte has; takes seconds for each" },
    out: { value: "FILE", about: "where to write (default: connectors.d.ts in the project)" },
    ...stackOption("the stack whose Airbyte is asked"),
  },
  examples: [
    "npm run types -- --connectors postgres,mysql",
    "npm run types -- --out ../our-infrastructure/connectors.d.ts",
  ],
  needsPulumi: true,
  run: async (call) => (await import("./types/write.ts")).writeTypesOf(call),
});

export const stackCommands: readonly Command[] = [
  up,
  preview,
  refresh,
  destroy,
  pulumi,
  rows,
  open,
  graph,
  doctor,
  adopt,
  move,
  connect,
  types,
];
