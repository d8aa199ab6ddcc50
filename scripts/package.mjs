// npm run package: what a Pulumi program of one's own imports of this project, as an npm package: JavaScript, with types.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { quietly, tail } from "./setup/process.mjs";
import { npmCommand } from "./setup/npm.mjs";
import { StopError } from "./setup/stop.mjs";

/** Resolves with the exit code. */
export async function makePackage(projectDir, args) {
  if (args.length > 0) throw new StopError(`npm run package takes no options; found ${args[0]}.`, 2);
  const archive = await packInto(projectDir, join(projectDir, "dist"));
  console.log(`The package is ${relative(projectDir, archive)}. In the project that is to use it:`);
  console.log(`  npm install ${archive}`);
  return 0;
}

/** Compiles and packs into `folder` and resolves with the archive. What is already there of an earlier run goes. */
async function packInto(projectDir, folder) {
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
  const document = (name) => readFileSync(join(projectDir, "docs", name), "utf8");
  writeFileSync(join(target, "README.md"), document("package.md"));
  writeFileSync(join(target, "types.md"), document("types.md").replaceAll("(package.md)", "(README.md)"));
  const own = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8"));
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest(own, packagesIn(code)), undefined, 2)}\n`);

  const npm = npmCommand(process.execPath);
  const pack = [...npm.args, "pack", "--json", "--pack-destination", folder];
  const packed = await must("Packing", npm.command, pack, target, npm.env);
  return resolve(folder, JSON.parse(packed)[0].filename);
}

async function must(what, command, args, cwd, env = process.env) {
  const { code, stdout, output } = await quietly(command, args, { cwd, env });
  if (code !== 0) throw new StopError(`${what} failed:\n\n${tail(output, 30)}`);
  return stdout;
}

function codeIn(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => /\.(js|ts)$/.test(file));
  return files.map((file) => join(folder, file));
}

function importsOf(text) {
  return ts.preProcessFile(text, true, true).importedFiles;
}

/** tsc leaves `./x.ts` in declarations, which not every editor can follow to `./x.d.ts`: `./x.js` it is, as in the code beside it. */
function nameCompiledFiles(file) {
  const text = readFileSync(file, "utf8");
  const sources = importsOf(text).filter(({ fileName }) => /^\..*\.ts$/.test(fileName));
  const named = sources.reduceRight((rest, { fileName, pos }) => {
    const end = rest.indexOf(fileName, pos) + fileName.length;
    return `${rest.slice(0, end - ".ts".length)}.js${rest.slice(end)}`;
  }, text);
  writeFileSync(file, named);
}

/** The packages that code and declarations import, each once. */
function packagesIn(files) {
  const names = files.flatMap((file) => importsOf(readFileSync(file, "utf8")).map(({ fileName }) => fileName));
  return [...new Set(names.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf))].sort();
}

/** `undici` of `undici/types`, `@a/b` of `@a/b/c`. */
function packageOf(specifier) {
  const steps = specifier.split("/");
  return steps.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The files that are no TypeScript; the first names one that is. */
function addProviderEntry(projectDir, target) {
  const text = readFileSync(join(projectDir, "providers", "entry.cjs"), "utf8");
  const compiled = text.replace('require("./dynamic.ts")', 'require("./dynamic.js")');
  if (compiled === text || !existsSync(join(target, "providers", "dynamic.js"))) {
    throw new Error("providers/entry.cjs doesn't require ./dynamic.ts any more: bring scripts/package.mjs up to date");
  }
  writeFileSync(join(target, "providers", "entry.cjs"), compiled);
  copyFileSync(join(projectDir, "providers", "engine-watch.cjs"), join(target, "providers", "engine-watch.cjs"));
}

/** The package's own package.json: the doors of the project's, and of its dependencies those that the code imports. */
function manifest(own, packages) {
  const { name, version, description, license, type, engines } = own;
  const doors = Object.entries(own.exports).map(([door, file]) => [door, compiledDoor(file)]);
  const main = compiledDoor(own.exports["."]);
  const peer = "@pulumi/pulumi"; // of which a program must have only one
  const dependencies = packages.filter((each) => each !== peer).map((each) => [each, caret(own, each)]);
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

function compiledDoor(file) {
  if (!file.endsWith(".ts")) return file;
  const path = file.slice(0, -".ts".length);
  return { types: `${path}.d.ts`, default: `${path}.js` };
}

function caret({ dependencies }, name) {
  if (dependencies[name] === undefined) throw new Error(`The package would import ${name}, which is no dependency`);
  return `^${dependencies[name]}`;
}
