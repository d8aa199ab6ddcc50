import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEmbeddedServer, type EmbeddedServer } from "../../embedded/server.ts";
import { Checkout } from "../docs/checkout.ts";
import { blocksOf, commandsOf, projectDir } from "../docs/pages.ts";
import { Shell } from "../docs/shell.ts";
import { leftIn } from "../doubles/running-airbyte.ts";
import { byHandAt } from "./by-hand.ts";
import { PackageProgram } from "./package-program.ts";
import { RECORDED_AS, versionsOf } from "./recording.ts";
import { API } from "./sample.ts";

// A user's own repository: an empty folder, the package, and Pulumi projects in it.
const folder = mkdtempSync(join(tmpdir(), "package-"));
const repository = join(folder, "repository");
let checkout: Checkout;
let airbyte: EmbeddedServer;
/** The Airbyte of `profiles.eu`. */
let eu: EmbeddedServer;

beforeAll(async () => {
  airbyte = await createEmbeddedServer({ dataDir: join(folder, "airbyte") });
  eu = await createEmbeddedServer({ dataDir: join(folder, "eu") });
  checkout = new Checkout();
  const [make = "", install = ""] = commandsOf("docs/package.md#make-and-install-it");
  await checkout.must(make);
  // Beside the repository, and beside the projects in it.
  mkdirSync(repository);
  for (const place of [folder, repository]) symlinkSync(checkout.dir, join(place, "airbyte-on-pulumi"));
  declare(install.split(" ").slice(2));
  await new Shell(repository).must("npm install --prefer-offline --no-audit --no-fund");
});

afterAll(async () => {
  await airbyte.close();
  await eu.close();
  await checkout.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Declares what the page names to `npm install`, and what its TypeScript needs, in the versions of this checkout's lockfile: so npm has
 * nothing to look for, and this is `npm install` alone.
 */
function declare(named: string[]): void {
  const { packages } = JSON.parse(readFileSync(join(projectDir, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  const dependencies = Object.fromEntries(
    [...named, "@types/node", "typescript"].map((name) =>
      name.endsWith(".tgz") ? ["airbyte-on-pulumi", `file:${name}`] : [name, packages[`node_modules/${name}`]?.version],
    ),
  );
  const locked = { ...packages, "": { dependencies } };
  write("package.json", JSON.stringify({ private: true, dependencies }));
  write("package-lock.json", JSON.stringify({ lockfileVersion: 3, requires: true, packages: locked }));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(repository, file)), { recursive: true });
  writeFileSync(join(repository, file), text);
}

/** What of these Airbytes the reader fills in. */
function filledIn(line: string): string {
  const standIns = {
    "https://airbyte.example.com": airbyte.url,
    "4f6c1a2e-…": airbyte.clientId,
    "90b3c1d7-…": eu.clientId,
    "https://eu.airbyte.example.com": eu.url,
    "5a1f…": eu.workspaceId,
  };
  return Object.entries(standIns).reduce((text, [gap, value]) => text.replaceAll(gap, value), line);
}

test("the package holds code and types that run without a loader, and asks for no more packages than it uses", () => {
  const installed = join(repository, "node_modules/airbyte-on-pulumi");
  const files = (readdirSync(installed, { recursive: true }) as string[]).filter((file) => file.includes("."));
  const others = files.filter((file) => !/\.(js|d\.ts)$/.test(file)).sort();
  expect(others).toEqual([
    "README.md",
    "package.json",
    "pipelines.schema.json",
    "providers/engine-watch.cjs",
    "providers/entry.cjs",
    "types.md",
  ]);
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
  const launch = join(repository, "node_modules/airbyte-on-pulumi/embedded/index.js");
  const { ensureRunning } = (await import(launch)) as { ensureRunning(this: void, folder: string): Promise<unknown> };
  await expect(ensureRunning(join(repository, "data"))).rejects.toThrow("runs in a checkout of Airbyte on Pulumi");
});

// The programs of docs/package.md.
const [classes = "", profile = "", pipelinesFile = ""] = ["use-it", "credentials", "pipelinesyaml"].flatMap((heading) =>
  blocksOf(`docs/package.md#${heading}`, "ts"),
);

test("a program of classes in plain JavaScript: up, preview, refresh and destroy", async () => {
  write("plain/package.json", '{ "type": "module", "main": "index.js" }');
  write("plain/Pulumi.yaml", "name: our-pipelines\nruntime: nodejs\nbackend: { url: 'file://./state' }\n");
  const program = (text: string) =>
    ts.transpile(text, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 });
  write("plain/index.js", program(classes));
  mkdirSync(join(repository, "plain/state"));
  const shell = new Shell(join(repository, "plain"), { PULUMI_CONFIG_PASSPHRASE: "engine-test" });
  await shell.must("pulumi stack init dev");
  await shell.must("pulumi config set --secret warehousePassword", { input: "hidden-password" });
  const lines = commandsOf("docs/package.md#credentials").map(filledIn);
  const up = lines.indexOf("pulumi up");
  for (const line of lines.slice(0, up)) await shell.must(line, { input: airbyte.clientSecret });
  expect((await shell.must(lines[up] ?? "")).text).toMatch(/5 created/);

  for (const line of lines.slice(up + 1)) await shell.must(line, { input: eu.clientSecret });
  const there = `new Source("there", { airbyte: eu, connector: "faker", configuration: { count: 1 } });`;
  write("plain/index.js", program([classes, filledIn(profile), there].join("\n")));
  expect((await shell.must("pulumi up")).text).toMatch(/1 created\s+5 unchanged/);
  expect(await sourcesOf(eu)).toHaveLength(1);
  expect((await shell.must("pulumi preview --expect-no-changes")).text).toMatch(/6 unchanged/);
  expect((await shell.must("pulumi refresh")).text).toMatch(/6 unchanged/);
  const { stdout: state } = await shell.must("pulumi stack export");
  for (const secret of ["hidden-password", airbyte.clientSecret, eu.clientSecret]) expect(state).not.toContain(secret);

  // A state as an earlier version could leave it.
  const forgotten = state.replace(
    /("type": "pulumi-nodejs:dynamic\/airbyte:Source",.*?"outputs": \{\s*)"__provider": "(\\.|[^"\\])*",/s,
    "$1",
  );
  expect(forgotten).not.toBe(state);
  await shell.must("pulumi stack import", { input: forgotten });
  expect((await shell.type("pulumi refresh")).text).toContain("code must be a string, not undefined");
  for (const line of commandsOf("docs/package.md#what-to-know")) await shell.must(line);
  expect((await shell.must("pulumi refresh")).text).toMatch(/6 unchanged/);

  await shell.must("pulumi destroy");
  for (const each of [airbyte, eu]) expect(await sourcesOf(each)).toEqual([]);
});

async function sourcesOf(server: EmbeddedServer): Promise<object[]> {
  return (await byHandAt(server)<{ data: object[] }>("GET", `${API}/sources`)).data;
}

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
  const settings = blocksOf("docs/targets.md#existing", "yaml").map(filledIn);
  checkout.write("Pulumi.dev.yaml", settings.join("\n"));
  checkout.write("pipelines.yaml", PIPELINES);
  const secrets = { clientSecret: airbyte.clientSecret, warehousePassword: "hidden-password" };
  for (const [name, input] of Object.entries(secrets))
    await checkout.must(`npm run pulumi -- config set --secret ${name}`, { input });
  expect((await checkout.must("npm start -- --yes")).text).toMatch(/5 created/);
  await checkout.must("npm run -s pulumi -- stack export --file stack.json");

  write("moved/Pulumi.yaml", "name: airbyte-on-pulumi\nruntime: nodejs\nbackend: { url: 'file://./state' }\n");
  write("moved/pipelines.yaml", PIPELINES);
  write("moved/index.ts", pipelinesFile.replace('"airbyteUrl"', '"url"'));
  write("moved/tsconfig.json", JSON.stringify({ compilerOptions: compilers["Pulumi's templates"] }));
  mkdirSync(join(repository, "moved/state"));
  copyFileSync(join(checkout.dir, "stack.json"), join(repository, "moved/stack.json"));
  const shell = new Shell(join(repository, "moved"));
  const lines = commandsOf("docs/package.md#from-the-checkout-to-the-package").map(filledIn);
  const preview = lines.pop() ?? "";
  for (const line of lines) await shell.must(line, { input: airbyte.clientSecret });
  await shell.must("pulumi config set --secret warehousePassword", { input: "hidden-password" });
  expect((await shell.must(preview)).text).toMatch(/5 unchanged/);
  expect((await shell.must("pulumi up")).text).toMatch(/5 unchanged/);

  // Under a name of its own.
  await shell.must("pulumi stack rename organization/our-pipelines/dev");
  for (const file of ["moved/Pulumi.yaml", "moved/Pulumi.dev.yaml"])
    write(file, readFileSync(join(repository, file), "utf8").replaceAll("airbyte-on-pulumi", "our-pipelines"));
  await shell.must("pulumi stack select dev");
  for (const verb of ["up", "refresh"]) expect((await shell.must(`pulumi ${verb}`)).text).toMatch(/5 unchanged/);
  await shell.must("pulumi destroy");
});

test.for(RECORDED_AS === undefined ? [] : [RECORDED_AS])("recorded: a program with the package", async (version) => {
  await (await PackageProgram.open(join(repository, "recorded"))).record(version);
});

test.for(versionsOf("package"))(
  "what a program with the package of %s left: nothing changes, all can be edited in place and destroyed",
  async (version) => {
    const program = await PackageProgram.open(join(repository, `of-${version}`), version);
    const { shell, dataDir } = program;
    const ids = program.ids();
    await shell.must("pulumi preview --expect-no-changes");
    await shell.must("pulumi up --refresh --expect-no-changes");
    program.edit();
    expect((await shell.must("pulumi up")).text).toMatch(/9 updated\s+7 unchanged/);
    expect(program.ids()).toEqual(ids);
    await shell.must("pulumi destroy");
    expect(program.ids()).toEqual({});
    await program.stop();
    expect(leftIn(dataDir)).toEqual(["sources: Of others"]);
  },
);

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
