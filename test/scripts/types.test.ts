import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { writeTypes } from "../../scripts/types/write.ts";
import { start } from "../embedded/start.ts";
import { projectDir, temporaryFolder, typesCommand, write } from "./modules.ts";

const PIPELINES = `destinations:
  warehouse: { connector: postgres, configuration: { host: "\${config:host}", password: "\${secret:password}" } }
`;

let folder: string;
beforeEach(() => {
  const before = process.cwd();
  process.chdir((folder = temporaryFolder()));
  onTestFinished(() => {
    process.chdir(before);
  });
});

/** A stack whose Airbyte has a source, and its command. */
async function stack() {
  const server = await start();
  const made = { name: "users", workspaceId: server.workspaceId, configuration: { sourceType: "faker", count: 1 } };
  expect((await server.call("POST", "/sources", made)).status).toBe(200);
  const settings = {
    target: "existing",
    url: server.url,
    clientId: server.clientId,
    clientSecret: server.clientSecret,
  };
  const values = Object.fromEntries(
    Object.entries({ ...settings, host: "h" }).map(([key, value]) => [`test:${key}`, { value, secret: false }]),
  );
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  onTestFinished(() => log.mockRestore());
  const file = join(folder, "connectors.d.ts");
  const run = (named: string[] = [], all = false) =>
    writeTypes({ project: "test", stack: "dev", values }, { named, all }, file);
  return { file, lines, run };
}

/** What the compiler says of a program that has these types. */
function compile(file: string, program: string): string[] {
  const door = join(projectDir, "providers/airbyte/index.ts");
  const main = write(
    join(folder, "program.ts"),
    `import { Destination, Source } from "airbyte-on-pulumi";\n${program}`,
  );
  const options: ts.CompilerOptions = {
    ...{ noEmit: true, strict: true, target: ts.ScriptTarget.ES2023, types: [], skipLibCheck: true },
    ...{ module: ts.ModuleKind.Preserve, allowImportingTsExtensions: true },
    paths: { "airbyte-on-pulumi": [door], "@pulumi/pulumi": [join(projectDir, "node_modules/@pulumi/pulumi")] },
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([main, file], options));
  return diagnostics
    .filter(({ file }) => file?.fileName === main)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test("types of the connectors that the workspace and the pipelines use, from the specifications that Airbyte has", async () => {
  write(join(folder, "pipelines.yaml"), PIPELINES);
  const { file, lines, run } = await stack();
  expect(await run()).toBe(0);
  expect(lines.join("\n")).toContain("sources: faker; destinations: postgres");
  const airbyte = `{ url: "http://127.0.0.1:1", workspaceId: "w" }`;
  expect(
    compile(
      file,
      `new Source("users", { airbyte: ${airbyte}, connector: "faker", configuration: { count: 1 } });
       new Source("users", { airbyte: ${airbyte}, connector: "faker", configuration: { cuont: 1 } });
       new Destination("d", { airbyte: ${airbyte}, connector: "postgres", configuration: { host: "h" } });`,
    ),
  ).toEqual([expect.stringContaining("'cuont' does not exist"), expect.stringMatching(/database|port|username/)]);
});

test("connectors that are named are added, by either kind; a misspelt one is told with the nearest, and nothing is written", async () => {
  const { file, lines, run } = await stack();
  await run(["Google Sheets", "destination-postgres"]);
  expect(lines.join("\n")).toContain("sources: faker, google-sheets; destinations: postgres");
  const before = readFileSync(file, "utf8");
  await expect(run(["postgers"])).rejects.toThrow(
    'this Airbyte has no destination connector "postgers"; did you mean "postgres"?',
  );
  expect(readFileSync(file, "utf8")).toBe(before);
  await run([], true);
  expect(lines.at(-2)).toMatch(/^sources: .*google-sheets.*; destinations: .*duckdb/);
});

test("without an Airbyte, or with an option that there isn't, one sentence says what to do", async () => {
  const nothing = { project: "test", stack: "prod", values: {} };
  const file = join(folder, "connectors.d.ts");
  await expect(writeTypes(nothing, { named: [], all: false }, file)).rejects.toThrow(
    "The stack prod has no Airbyte yet, which knows the connectors: npm start -- --stack prod",
  );
  const run = (...args: string[]) => typesCommand.types(projectDir, args, process.env);
  await expect(run("--conectors", "a")).rejects.toThrow(
    "Unknown option '--conectors'. npm run types -- --help tells more.",
  );
  await expect(run("--out", "types")).rejects.toThrow('--out "types" must end in .ts, as in connectors.d.ts');
  expect(existsSync(file)).toBe(false);
});
