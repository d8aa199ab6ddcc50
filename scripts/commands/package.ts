// npm run package: what a Pulumi program of one's own imports of this project, as an npm package: JavaScript, with types.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { UserError } from "../../errors/user-error.ts";
import { npmCommand, quietly, tail } from "../setup/process.mjs";
import type { Call } from "./command.ts";

/** Resolves with the exit code. */
export async function pack({ projectDir }: Call): Promise<number> {
  const archive = await packInto(projectDir, join(projectDir, "dist"));
  console.log(`The package is ${relative(projectDir, archive)}. In the project that is to use it:`);
  console.log(`  npm install ${archive}`);
  return 0;
}

/** Compiles and packs into `folder` and resolves with the archive. What is already there of an earlier run goes. */
async function packInto(projectDir: string, folder: string): Promise<string> {
  const target = join(folder, "package");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const tsc = join(projectDir, "node_modules", "typescript", "bin", "tsc");
  const config = join(projectDir, "tsconfig.package.json");
  await must("Compiling the package", process.execPath, [tsc, "--project", config, "--outDir", target], projectDir);

  const code = codeIn(target);
  for (const file of code.filter((each) => each.endsWith(".d.ts"))) nameCompiledFiles(file);
  addProviderEntry(projectDir, target);
  for (const file of ["LICENSE", "pipelines.schema.json"]) copyFileSync(join(projectDir, file), join(target, file));
  const document = (name: string) => readFileSync(join(projectDir, "docs", name), "utf8");
  writeFileSync(join(target, "README.md"), document("package.md"));
  writeFileSync(join(target, "types.md"), document("types.md").replaceAll("(package.md)", "(README.md)"));
  const own = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as Manifest;
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest(own, packagesIn(code)), undefined, 2)}\n`);

  const npm = npmCommand(process.execPath);
  const packing = [...npm.args, "pack", "--json", "--pack-destination", folder];
  const packed = await must("Packing", npm.command, packing, target, npm.env);
  const [archive] = JSON.parse(packed) as { filename: string }[];
  return resolve(folder, archive?.filename ?? "");
}

async function must(
  what: string,
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { code, stdout, output } = await quietly(command, args, { cwd, env });
  if (code !== 0) throw new UserError(`${what} failed:\n\n${tail(output, 30)}`);
  return stdout;
}

function codeIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.(js|ts)$/.test(file));
  return files.map((file) => join(folder, file));
}

function importsOf(text: string): ts.FileReference[] {
  return ts.preProcessFile(text, true, true).importedFiles;
}

/** tsc leaves `./x.ts` in declarations, which not every editor can follow to `./x.d.ts`: `./x.js` it is, as in the code beside it. */
function nameCompiledFiles(file: string): void {
  const text = readFileSync(file, "utf8");
  const sources = importsOf(text).filter(({ fileName }) => /^\..*\.ts$/.test(fileName));
  const named = sources.reduceRight((rest, { fileName, pos }) => {
    const end = rest.indexOf(fileName, pos) + fileName.length;
    return `${rest.slice(0, end - ".ts".length)}.js${rest.slice(end)}`;
  }, text);
  writeFileSync(file, named);
}

/** The packages that code and declarations import, each once. */
function packagesIn(files: readonly string[]): string[] {
  const names = files.flatMap((file) => importsOf(readFileSync(file, "utf8")).map(({ fileName }) => fileName));
  return [...new Set(names.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf))].sort();
}

/** `undici` of `undici/types`, `@a/b` of `@a/b/c`. */
function packageOf(specifier: string): string {
  const steps = specifier.split("/");
  return steps.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The files that are no TypeScript; the first names one that is. */
function addProviderEntry(projectDir: string, target: string): void {
  const text = readFileSync(join(projectDir, "providers", "entry.cjs"), "utf8");
  const compiled = text.replace('require("./dynamic.ts")', 'require("./dynamic.js")');
  if (compiled === text || !existsSync(join(target, "providers", "dynamic.js"))) {
    throw new Error(
      "providers/entry.cjs doesn't require ./dynamic.ts any more: bring scripts/commands/package.ts up to date",
    );
  }
  writeFileSync(join(target, "providers", "entry.cjs"), compiled);
  copyFileSync(join(projectDir, "providers", "engine-watch.cjs"), join(target, "providers", "engine-watch.cjs"));
}

/** The project's package.json. */
interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  type: string;
  engines: Record<string, string>;
  exports: Record<"." | "./pipelines" | "./provider", string>;
  bin: Record<string, string>;
  dependencies: Record<string, string>;
}

/** What a door of the package leads to. */
interface Door {
  types?: string;
  default: string;
}

/** The package's own package.json: the doors of the project's, and of its dependencies those that the code imports. */
function manifest(own: Manifest, packages: readonly string[]): object {
  const { name, version, description, license, type, engines } = own;
  const doors = Object.entries(own.exports).map(([door, file]): [string, string | Door] => {
    const { types, default: otherwise } = compiledDoor(file);
    return [door, types === undefined ? otherwise : { types, default: otherwise }];
  });
  const main = compiledDoor(own.exports["."]);
  const peer = "@pulumi/pulumi"; // of which a program must have only one
  const dependencies = packages
    .filter((each) => each !== peer)
    .map((each): [string, string] => [each, caret(own, each)]);
  return {
    ...{ name, version, description, license, type, engines },
    // For `"moduleResolution": "node"`, which reads no `exports`; Pulumi's own templates have it.
    main: main.default,
    types: main.types,
    typesVersions: { "*": { pipelines: [compiledDoor(own.exports["./pipelines"]).types] } },
    exports: { ...Object.fromEntries(doors), "./package.json": "./package.json" },
    bin: Object.fromEntries(Object.entries(own.bin).map(([command, file]) => [command, compiledDoor(file).default])),
    dependencies: Object.fromEntries(dependencies),
    peerDependencies: { [peer]: caret(own, peer) },
  };
}

function compiledDoor(file: string): Door {
  if (!file.endsWith(".ts")) return { default: file };
  const path = file.slice(0, -".ts".length);
  return { types: `${path}.d.ts`, default: `${path}.js` };
}

function caret({ dependencies }: Manifest, name: string): string {
  if (dependencies[name] === undefined) throw new Error(`The package would import ${name}, which is no dependency`);
  return `^${dependencies[name]}`;
}
