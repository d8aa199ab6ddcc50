import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEmbeddedServer, type EmbeddedServer } from "../../embedded/server.ts";
import { byHandAt } from "./by-hand.ts";
import { finish, Project, type Run } from "./project.ts";
import { API } from "./sample.ts";

const projectDir = join(import.meta.dirname, "../..");
const { packInto } = (await import(new URL("../../scripts/package.mjs", import.meta.url).href)) as {
  packInto(this: void, projectDir: string, folder: string): Promise<string>;
};

// A user's own repository: an empty folder, the package, and Pulumi projects in it.
const folder = mkdtempSync(join(tmpdir(), "package-"));
const repository = join(folder, "repository");
let airbyte: EmbeddedServer;

beforeAll(async () => {
  airbyte = await createEmbeddedServer({ dataDir: join(folder, "airbyte") });
  const archive = await packInto(projectDir, join(folder, "packed"));
  install(archive);
  const npm = await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], repository);
  if (npm.code !== 0) throw new Error(`npm install failed: ${npm.text}`);
});

afterAll(async () => {
  await airbyte.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Declares what is to be installed, in the versions of this checkout's lockfile, so that npm has nothing to look for. */
function install(archive: string): void {
  const { packages } = JSON.parse(readFileSync(join(projectDir, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  const version = (name: string) => packages[`node_modules/${name}`]?.version;
  const dependencies = {
    "airbyte-on-pulumi": `file:${archive}`,
    "@pulumi/pulumi": version("@pulumi/pulumi"),
    "@types/node": version("@types/node"),
    typescript: version("typescript"),
  };
  const locked = { ...packages, "": { dependencies } };
  write("package.json", JSON.stringify({ private: true, dependencies }));
  write("package-lock.json", JSON.stringify({ lockfileVersion: 3, requires: true, packages: locked }));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(repository, file)), { recursive: true });
  writeFileSync(join(repository, file), text);
}

function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}, input = ""): Promise<Run> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
  child.stdin.end(input);
  return finish(child);
}

/** The Pulumi CLI in one of the projects; anything but success fails the test. */
async function pulumi(project: string, args: string[], input?: string): Promise<Run> {
  const settings = { PULUMI_CONFIG_PASSPHRASE: "engine-test", PULUMI_SKIP_UPDATE_CHECK: "1", CI: "" };
  const all = [...args, "--non-interactive", "--color", "never"];
  const done = await run("pulumi", all, join(repository, project), settings, input);
  if (done.code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${done.code}:\n${done.text}`);
  return done;
}

const NOW = ["--yes", "--skip-preview", "--stack", "dev"];

test("the package holds code and types that run without a loader, and asks for no more packages than it uses", () => {
  const installed = join(repository, "node_modules/airbyte-on-pulumi");
  const files = (readdirSync(installed, { recursive: true }) as string[]).filter((file) => file.includes("."));
  const others = files.filter((file) => !/\.(js|d\.ts)$/.test(file)).sort();
  expect(others).toEqual(["README.md", "package.json", "pipelines.schema.json", "providers/entry.cjs", "types.md"]);
  expect(readdirSync(installed)).toContain("LICENSE");
  expect(files.filter((file) => /^(scripts|test|policy|infra\/(aws|targets))\b|^embedded\/main/.test(file))).toEqual(
    [],
  );
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(installed, "package.json"), "utf8"),
  ) as Record<string, object>;
  expect(Object.keys(dependencies ?? {})).not.toContain("hono");
  expect(Object.keys(dependencies ?? {})).not.toContain("@pulumi/aws");
  expect(Object.keys(peerDependencies ?? {})).toEqual(["@pulumi/pulumi"]);
  // Whose types a program would have to check as well, and that need settings which Pulumi's templates don't have.
  const door = ts.createProgram([join(installed, "providers/airbyte/index.d.ts")], { noLib: true, types: [] });
  expect(door.getSourceFiles().filter(({ fileName }) => fileName.includes("/zod/"))).toEqual([]);
});

test("the embedded Airbyte is not in the package, and whoever needs it is told so", async () => {
  const launch = join(repository, "node_modules/airbyte-on-pulumi/embedded/launch.js");
  const { ensureRunning } = (await import(launch)) as { ensureRunning(this: void, folder: string): Promise<unknown> };
  await expect(ensureRunning(join(repository, "data"))).rejects.toThrow("runs in a checkout of Airbyte on Pulumi");
});

// The programs of docs/package.md.
const [classes = "", profile = "", pipelinesFile = ""] = [
  ...readFileSync(join(projectDir, "docs/package.md"), "utf8").matchAll(/```ts\n([^]*?)```/g),
].map(([, program]) => program);

test("a program of classes in plain JavaScript: up, preview, refresh and destroy", async () => {
  write("plain/package.json", '{ "type": "module", "main": "index.js" }');
  write("plain/Pulumi.yaml", "name: our-pipelines\nruntime: nodejs\nbackend: { url: 'file://./state' }\n");
  write("plain/index.js", ts.transpile(classes, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }));
  mkdirSync(join(repository, "plain/state"));
  await pulumi("plain", ["stack", "init", "dev"]);
  await pulumi("plain", ["config", "set", "airbyteUrl", airbyte.url]);
  await pulumi("plain", ["config", "set", "airbyte:clientId", airbyte.clientId]);
  await pulumi("plain", ["config", "set", "--secret", "airbyte:clientSecret"], airbyte.clientSecret);
  await pulumi("plain", ["config", "set", "--secret", "warehousePassword"], "hidden-password");

  expect((await pulumi("plain", ["up", ...NOW])).text).toMatch(/5 created/);
  expect((await pulumi("plain", ["preview", "--expect-no-changes", "--stack", "dev"])).text).toMatch(/5 unchanged/);
  expect((await pulumi("plain", ["refresh", ...NOW])).text).toMatch(/5 unchanged/);
  const state = (await pulumi("plain", ["stack", "export", "--stack", "dev"])).stdout;
  for (const secret of ["hidden-password", airbyte.clientSecret]) expect(state).not.toContain(secret);
  await pulumi("plain", ["destroy", ...NOW]);
  const left = await byHandAt(airbyte)<{ data: object[] }>("GET", `${API}/sources`);
  expect(left.data).toEqual([]);
});

const PIPELINES = `sources:
  users: { connector: faker, configuration: { count: 1 } }
destinations:
  warehouse:
    connector: postgres
    configuration: { host: h, port: 5432, database: d, schema: s, username: u, password: "\${secret:warehousePassword}" }
connections:
  users-to-warehouse: { source: users, destination: warehouse, schedule: { every: 6 hours } }
`;

test("moving a stack from the checkout to a TypeScript program with the package changes no resource", async () => {
  const checkout = await Project.create({ pipelines: PIPELINES, connectors: null });
  for (const [key, value] of Object.entries({ target: "existing", url: airbyte.url, clientId: airbyte.clientId }))
    await checkout.must("config", "set", key, value);
  await checkout.setSecret("clientSecret", airbyte.clientSecret);
  await checkout.setSecret("warehousePassword", "hidden-password");
  expect((await checkout.up()).text).toMatch(/5 created/);

  // As docs/package.md says.
  write("moved/Pulumi.yaml", "name: airbyte-on-pulumi\nruntime: nodejs\nbackend: { url: 'file://./state' }\n");
  write("moved/pipelines.yaml", PIPELINES);
  write("moved/index.ts", pipelinesFile.replace('"airbyteUrl"', '"url"'));
  write("moved/tsconfig.json", JSON.stringify({ compilerOptions: compilers["Pulumi's templates"] }));
  mkdirSync(join(repository, "moved/state"));
  await pulumi("moved", ["stack", "init", "dev"]);
  const state = (await checkout.must("stack", "export", "--stack", "dev")).stdout;
  await pulumi("moved", ["stack", "import", "--stack", "dev"], state);
  await pulumi("moved", ["config", "set", "url", airbyte.url]);
  await pulumi("moved", ["config", "set", "clientId", airbyte.clientId]);
  await pulumi("moved", ["config", "set", "--secret", "clientSecret"], airbyte.clientSecret);
  await pulumi("moved", ["config", "set", "--secret", "warehousePassword"], "hidden-password");

  const noChange = ["preview", "--stack", "dev", "--expect-no-changes"];
  expect((await pulumi("moved", noChange)).text).toMatch(/5 unchanged/);
  expect((await pulumi("moved", ["up", ...NOW])).text).toMatch(/5 unchanged/);

  // Under a name of its own.
  await pulumi("moved", ["stack", "rename", "organization/our-pipelines/dev", "--stack", "dev"]);
  for (const file of ["moved/Pulumi.yaml", "moved/Pulumi.dev.yaml"])
    write(file, readFileSync(join(repository, file), "utf8").replaceAll("airbyte-on-pulumi", "our-pipelines"));
  expect((await pulumi("moved", ["up", ...NOW])).text).toMatch(/5 unchanged/);
  expect((await pulumi("moved", ["refresh", ...NOW])).text).toMatch(/5 unchanged/);
  await pulumi("moved", ["destroy", ...NOW]);
});

const compilers: Record<string, object> = {
  "Pulumi's templates": { module: "commonjs", moduleResolution: "node", ignoreDeprecations: "6.0" },
  nodenext: { module: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" },
};

test.each(Object.entries(compilers))("the types are found, and checked, with the settings of %s", (name, settings) => {
  const types =
    'export {};\ndeclare module "airbyte-on-pulumi" {\n  interface SourceConfigurations { shop: { host: string } }\n}\n';
  write("typed/connectors.d.ts", types);
  const checked = `
new Source("right", { airbyte, connector: "shop", configuration: { host: "h" } });
// @ts-expect-error -- it is host
new Source("misspelt", { airbyte, connector: "shop", configuration: { hots: "h" } });
`;
  write("typed/classes.ts", classes + checked);
  write("typed/pipelines.ts", pipelinesFile + profile);
  const typed = join(repository, "typed");
  // The declarations themselves are looked through once.
  const skipLibCheck = name !== "nodenext";
  const common = { strict: true, target: "es2022", noEmit: true, types: ["node"], skipLibCheck };
  const { options } = ts.convertCompilerOptionsFromJson({ ...common, ...settings }, typed);
  const program = ts.createProgram(
    ["connectors.d.ts", "classes.ts", "pipelines.ts"].map((file) => join(typed, file)),
    options,
  );
  const ours = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => !file || /airbyte-on-pulumi\/|\/typed\//.test(file.fileName))
    .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  expect(ours).toEqual([]);
});
