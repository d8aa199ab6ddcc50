import fc from "fast-check";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { instanceIdOf } from "../../../embedded/index.ts";
import { embeddedServerHandler } from "../../../providers/host/embedded-server.ts";
import { Access } from "../../../providers/access.ts";
import { Session } from "../../../providers/airbyte/session.ts";
import { emptyCache, fakeProgram, followCommand, project as projects, temporaryFolder, write } from "../modules.ts";

const INSTANCE = "2f0d6f5e-6d1b-4a57-8d8e-4f2f3a1b0c9d";
const SERVER = "pulumi-nodejs:dynamic/airbyte:EmbeddedServer";

/** A stack with an embedded Airbyte, its journal and its secrets, and a pulumi that gives and takes the state, or is killed. */
function sample() {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\nbackend:\n  url: file://./.pulumi-state\n");
  const bin = temporaryFolder();
  const killed = join(bin, "killed");
  fakeProgram(
    bin,
    "pulumi",
    `f="${dir}/.pulumi-state/.pulumi/stacks/p/$PULUMI_STACK.json"
case "$*" in
  "stack export"*) node -e 'console.log(JSON.stringify({deployment: JSON.parse(require("fs").readFileSync(process.argv[1])).checkpoint.latest}))' "$f" ;;
  "stack import"*) [ -e "${killed}" ] && exit 1; node -e 'const fs = require("fs"); fs.writeFileSync(process.argv[1], JSON.stringify({checkpoint: {latest: JSON.parse(fs.readFileSync(0)).deployment}}))' "$f" ;;
esac`,
  );
  const env = { PATH: [bin, process.env.PATH].join(delimiter) };
  const stack = { name: "dev", stateDir: undefined as string | undefined };
  const stateFile = () => join(dir, ".pulumi-state/.pulumi/stacks/p", `${stack.name}.json`);
  const folder = () => join(dir, stack.stateDir ?? join(".airbyte", stack.name));
  const dataDir = (of = stack) => join(of.stateDir ?? join(".airbyte", of.name), "embedded");
  const settings = () => ({ config: stack.stateDir === undefined ? {} : { "p:stateDir": stack.stateDir } });

  write(join(dir, dataDir(), "credentials.json"), JSON.stringify({ instanceId: INSTANCE }));
  write(join(dir, dataDir(), "address.json"), JSON.stringify({ port: 1, url: "http://127.0.0.1:1" }));
  write(join(dir, ".airbyte/dev/intents.jsonl"), '{"op":"begin","intent":{"declaredAs":"dev/users"}}\n');
  write(join(dir, ".airbyte/dev/Pulumi.dev.yaml"), "config:\n  p:password:\n    secure: v1:abc\n");
  const inputs = { dataDir: dataDir() };
  const resources = [
    { type: SERVER, id: INSTANCE, urn: "u", inputs, outputs: { ...inputs } },
    { type: "x", urn: "v", inputs: { declaredAs: "dev/users" }, outputs: { declaredAs: "dev/users" } },
  ];
  write(stateFile(), JSON.stringify({ checkpoint: { latest: { resources } } }));

  interface State {
    checkpoint: { latest: { resources: typeof resources } };
  }
  const server = (): { outputs: { dataDir: string } } => {
    const [found] = (JSON.parse(readFileSync(stateFile(), "utf8")) as State).checkpoint.latest.resources;
    if (!found || !("dataDir" in found.outputs)) throw new Error("no server");
    return found as { outputs: { dataDir: string } };
  };
  const addStack = (name: string, resources: object[]) =>
    write(
      join(dir, ".pulumi-state/.pulumi/stacks/p", `${name}.json`),
      JSON.stringify({ checkpoint: { latest: { resources } } }),
    );
  const opened = () => ({ env: { ...env, PULUMI_STACK: stack.name }, settings: settings() });
  return {
    dir,
    stack,
    killed,
    env,
    stateFile,
    folder,
    dataDir,
    settings,
    server,
    opened,
    addStack,
    project: projects.readProject(dir, env),
  };
}

type Sample = ReturnType<typeof sample>;

/** What the commands do before Pulumi, and what Pulumi asks of the server then. */
async function run(
  { project, stack, settings, env, opened, server, dataDir }: Sample,
  verb: "up" | "preview" | "refresh",
) {
  await followCommand.followName(project, stack.name, settings(), env);
  await followCommand.followState(project, stack.name, opened(), verb === "up");
  if (verb === "refresh") return;
  const olds = server().outputs;
  const news = { dataDir: dataDir() };
  const session = new Session(new Access({ get: () => undefined }));
  const before = process.cwd();
  process.chdir(project.dir);
  try {
    const { mistakes } = await embeddedServerHandler.check(olds, news, session);
    if (mistakes.length > 0) throw new Error(mistakes.join());
    const { replaces } = await embeddedServerHandler.diff(INSTANCE, olds, news, session);
    expect(replaces).toEqual([]);
  } finally {
    process.chdir(before);
  }
}

type Move =
  | { do: "rename"; to: string }
  | { do: "stateDir"; to: string | undefined }
  | { do: "up" | "preview" | "refresh"; killed: boolean };

const verb = fc.constantFrom("up" as const, "preview" as const, "refresh" as const);
const moves = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("rename" as const), to: fc.constantFrom("dev", "prod", "a.b") }),
    fc.record({ do: fc.constant("stateDir" as const), to: fc.constantFrom(undefined, ".airbyte/x", ".airbyte/y") }),
    fc.record({ do: verb, killed: fc.boolean() }),
  ),
  { maxLength: 12 },
);

async function make(all: Sample, move: Move): Promise<void> {
  const { dir, stack, killed, stateFile } = all;
  if (move.do === "rename") {
    const before = stateFile();
    stack.name = move.to;
    if (before !== stateFile()) renameSync(before, stateFile());
  } else if (move.do === "stateDir") stack.stateDir = move.to;
  else {
    if (move.killed) writeFileSync(killed, "");
    await run(all, move.do).catch((error: unknown) => {
      expect(String(error)).toMatch(/could not be imported|npm start moves them/);
    });
    rmSync(killed, { force: true });
  }
  expect(folders(dir).filter((folder) => instanceIdOf(folder) === INSTANCE)).toHaveLength(1);
}

/** Every folder that could hold data; Node's own recursion follows links. */
function folders(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [join(dir, name), ...folders(join(dir, name))]);
}

test("whatever a stack is called and wherever stateDir leads in turn, and wherever a run is cut off: its data, journal and secrets follow", async () => {
  emptyCache();
  await fc.assert(
    fc.asyncProperty(moves, async (given) => {
      const all = sample();
      for (const move of given) await make(all, move);
      await run(all, "up");
      const { dir, stack, folder, server, dataDir } = all;
      expect(instanceIdOf(join(folder(), "embedded"))).toBe(INSTANCE);
      expect(server().outputs.dataDir).toBe(dataDir());
      expect(readFileSync(join(dir, ".airbyte", stack.name, `Pulumi.${stack.name}.yaml`), "utf8")).toContain("v1:abc");
      expect(readFileSync(join(folder(), "intents.jsonl"), "utf8")).toContain(`"${stack.name}/users"`);
    }),
    { numRuns: 25 },
  );
}, 120_000);

test("a folder with another Airbyte's data is never taken, and nothing is moved", async () => {
  emptyCache();
  const all = sample();
  const { dir, stack } = all;
  mkdirSync(
    dirname(write(join(dir, ".airbyte/x/embedded/credentials.json"), JSON.stringify({ instanceId: "another" }))),
    { recursive: true },
  );
  stack.stateDir = ".airbyte/x";
  await expect(run(all, "up")).rejects.toThrow("where the data of another embedded Airbyte lie");
  expect(instanceIdOf(join(dir, ".airbyte/dev/embedded"))).toBe(INSTANCE);
  expect(instanceIdOf(join(dir, ".airbyte/x/embedded"))).toBe("another");
  expect(existsSync(join(dir, ".airbyte/x/intents.jsonl"))).toBe(false);
});

const declared = (stack: string) => ({ type: "x", urn: "v", inputs: { declaredAs: `${stack}/users` } });

test("a stack that has no resources yet takes its secrets along when the project's command renames it", async () => {
  emptyCache();
  const { dir, project, env, stateFile, addStack } = sample();
  addStack("dev", []);
  write(join(dir, "Pulumi.dev.yaml"), "config: {}\n");
  const renamed = () => {
    renameSync(stateFile(), join(dirname(stateFile()), "better.json"));
    renameSync(join(dir, "Pulumi.dev.yaml"), join(dir, "Pulumi.better.yaml"));
    return Promise.resolve(0);
  };
  await followCommand.renameStack(project, "dev", ["stack", "rename", "better"], env, "embedded", renamed);
  expect(readFileSync(join(dir, ".airbyte/better/Pulumi.better.yaml"), "utf8")).toContain("v1:abc");
  expect(existsSync(join(dir, ".airbyte/better/embedded/credentials.json"))).toBe(true);
});

test("a name under which this machine keeps another stack's things is refused before anything is renamed", async () => {
  const { dir, project, env } = sample();
  write(join(dir, ".airbyte/better/intents.jsonl"), "");
  const never = () => Promise.reject(new Error("renamed"));
  const renaming = followCommand.renameStack(project, "dev", ["stack", "rename", "better"], env, "embedded", never);
  await expect(renaming).rejects.toThrow(
    /^\.airbyte\/better holds .*\n {2}Next step: choose another name, or move that folder away/,
  );
});

test("a new stack doesn't get what one keeps that had its name before", async () => {
  const { dir, project, env, settings, addStack, stateFile } = sample();
  rmSync(stateFile());
  addStack("better", [declared("dev")]);
  const following = () => followCommand.followName(project, "dev", settings(), env);
  await expect(following()).rejects.toThrow(
    /called "better" now, .*\n {2}Next step: npm run preview -- --stack better brings them/,
  );
  expect(instanceIdOf(join(dir, ".airbyte/dev/embedded"))).toBe(INSTANCE);
});

test("what stands in for a folder of another stack stays when this one's run has ended", () => {
  const { dir, project } = sample();
  mkdirSync(join(dir, ".airbyte/other"));
  const links = ["old-dev", "old-other"].map((name) => join(dir, ".airbyte", name));
  for (const [index, name] of ["dev", "other"].entries()) symlinkSync(join(dir, ".airbyte", name), links[index]!);
  followCommand.forgetPlaces(project, "dev", {});
  expect(links.map((link) => existsSync(link))).toEqual([false, true]);
});

test("the journal follows stateDir where no embedded Airbyte runs; the state knows the setting of the last run", async () => {
  emptyCache();
  const { dir, project, opened, addStack, stack } = sample();
  write(join(dir, ".airbyte/x/intents.jsonl"), "1\n");
  addStack("dev", [{ type: "pulumi:providers:pulumi-nodejs", inputs: { "p:stateDir": ".airbyte/x" } }]);
  stack.stateDir = ".airbyte/y";
  await followCommand.followState(project, "dev", opened(), true);
  expect(readFileSync(join(dir, ".airbyte/y/intents.jsonl"), "utf8")).toBe("1\n");
});

test("a server that was replaced isn't deleted with the data that the live one uses, which may be the very same", async () => {
  const session = new Session(new Access({ get: () => undefined }));
  const state = { dataDir: join(temporaryFolder(), "embedded") };
  const made = () => write(join(state.dataDir, "credentials.json"), JSON.stringify({ instanceId: INSTANCE }));
  made();
  await embeddedServerHandler.delete(INSTANCE, state, session);
  expect(instanceIdOf(state.dataDir)).toBeNull();
  made();
  await embeddedServerHandler.diff(INSTANCE, state, state, session);
  await embeddedServerHandler.delete(INSTANCE, state, session);
  expect(instanceIdOf(state.dataDir)).toBe(INSTANCE);
});
