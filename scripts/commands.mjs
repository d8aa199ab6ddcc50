// One function per command. Only Node's own modules are imported at the top: the first run has no node_modules yet.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { enableCompileCache } from "node:module";
import { openCacheFolder } from "./setup/cache.mjs";
import { installPackages } from "./setup/packages.mjs";
import { foreground } from "./setup/process.mjs";
import { choosePulumi, pulumiEnv } from "./setup/pulumi.mjs";

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));

/** Commands that need no Pulumi, or see to it themselves. */
const withoutPulumi = {
  rows: async (args) => (await import("./rows.mjs")).rows(projectDir, args),
  open: async (args) => (await import("./open.mjs")).open(projectDir, args),
  package: async (args) => (await import("./package.mjs")).makePackage(projectDir, args),
  comment: async (args) => (await import("./comment.mjs")).comment(args, process.env),
  check: async () => (await import("./check.mjs")).check(projectDir),
  bench: async (args) => (await import("./bench.mjs")).bench(projectDir, args, providePulumi),
  fuzz: (args) => runScript(join("fuzz", "fuzz.ts"), args),
  schema: (args) => runScript("schema.ts", args),
  docs: (args) => runScript("docs.ts", args),
  "lock-connectors": async (args) => (await import("./lock-connectors.mjs")).lockConnectors(args),
};

/** Commands that get the environment in which Pulumi is found. */
const withPulumi = {
  graph: async (args, env) => (await import("./graph.mjs")).graph(projectDir, args, env),
  doctor: async (args, env) => (await import("./doctor.mjs")).doctor(projectDir, args, env),
  adopt: async (args, env) => (await import("./adopt.mjs")).adopt(projectDir, args, env),
  move: async (args, env) => (await import("./move.mjs")).move(projectDir, args, env),
  connect: async (args, env) => (await import("./connect.mjs")).connect(projectDir, args, env),
  types: async (args, env) => (await import("./types.mjs")).types(projectDir, args, env),
  test: async (args, env) => (await import("./test.mjs")).test(projectDir, args, env),
  pulumi,
};

/** Sets up what `command` needs, runs it and resolves with the exit code. */
export async function runCommand(command, args) {
  enableCompileCache(join(openCacheFolder(), "compile-cache"));
  await installPackages(projectDir);
  await cleanConsole();
  process.env.AIRBYTE_SELECTED_STACK = await selected();
  if (withoutPulumi[command]) return withoutPulumi[command](args);
  const env = await providePulumi();
  // What is none of ours is one of Pulumi's: up, preview, refresh, destroy.
  return withPulumi[command] ? withPulumi[command](args, env) : pulumi([command, ...args], env);
}

/** The stack that is worked on where nobody says which; "" where none is selected. */
async function selected() {
  const { readProject, selectedStack } = await import("./setup/project.mjs");
  return selectedStack(readProject(projectDir)) ?? "";
}

/** Whatever a command prints of servers, rows and files gives no orders to the terminal. */
async function cleanConsole() {
  const { printable } = await import("../errors/printable.ts");
  for (const name of ["log", "info", "warn", "error"]) {
    const print = console[name].bind(console);
    console[name] = (...values) =>
      print(...values.map((value) => (typeof value === "string" ? printable(value) : value)));
  }
}

async function providePulumi() {
  return pulumiEnv(await choosePulumi(projectDir), dirname(process.execPath));
}

async function pulumi(args, env) {
  return (await import("./pulumi.mjs")).pulumi(projectDir, args, env);
}

function runScript(name, args) {
  return foreground(process.execPath, [join("scripts", name), ...args], { cwd: projectDir });
}
