import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { writeTypes } from "../../../scripts/commands/types/write.ts";
import { blocksOf } from "../../docs/pages.ts";
import { start } from "../../embedded/start.ts";
import { projectDir, temporaryFolder, typesCommand, write } from "../modules.ts";

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

/** The lines of a program that the compiler finds wrong, with these types. */
function wrongLines(types: string, program: string): number[] {
  const door = join(projectDir, "providers/airbyte/index.ts");
  const file = write(join(folder, "program.ts"), program);
  const options: ts.CompilerOptions = {
    ...{ noEmit: true, strict: true, target: ts.ScriptTarget.ES2023, types: [], skipLibCheck: true },
    ...{ module: ts.ModuleKind.Preserve, allowImportingTsExtensions: true },
    paths: { "airbyte-on-pulumi": [door], "@pulumi/pulumi": [join(projectDir, "node_modules/@pulumi/pulumi")] },
  };
  const compiled = ts.createProgram([file, types], options);
  const diagnostics = ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file));
  return diagnostics.map(({ file, start = 0 }) => file?.getLineAndCharacterOfPosition(start).line ?? -1);
}

test("types of the connectors that the workspace and the pipelines use: docs/types.md has right what is wrong", async () => {
  write(join(folder, "pipelines.yaml"), PIPELINES);
  const { file, lines, run } = await stack();
  expect(await run()).toBe(0);
  expect(lines.join("\n")).toContain("sources: faker; destinations: postgres");

  const program = `import * as pulumi from "@pulumi/pulumi";
import { Destination, Source, type AirbyteHandle } from "airbyte-on-pulumi";
declare const airbyte: AirbyteHandle;
const config = new pulumi.Config();
${blocksOf("docs/types.md#what-is-checked", "ts").join("")}`;
  const wrong = program.split("\n").flatMap((line, index) => (line.includes("// error: ") ? index : []));
  expect(wrong).toHaveLength(2);
  expect(wrongLines(file, program)).toEqual(wrong);
}, 120_000); // of a compiler on a busy machine

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
  expect(lines).toContain("left out: source github: it has no specification");
});

test("without an Airbyte, or with an option that there isn't, one sentence says what to do", async () => {
  const nothing = { project: "test", stack: "prod", values: {} };
  const file = join(folder, "connectors.d.ts");
  await expect(writeTypes(nothing, { named: [], all: false }, file)).rejects.toThrow(
    'The stack "prod" has no Airbyte yet.\n  Next step: npm start -- --stack prod',
  );
  const run = (...args: string[]) => typesCommand.types(projectDir, args, process.env);
  await expect(run("--conectors", "a")).rejects.toThrow(
    "Unknown option '--conectors'; did you mean \"--connectors\"? npm run types -- --help tells more.",
  );
  await expect(run("--out", "types")).rejects.toThrow('--out "types" must end in .ts, as in connectors.d.ts');
  expect(existsSync(file)).toBe(false);
});
