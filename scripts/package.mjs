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
export async function packInto(projectDir, folder) {
  const target = join(folder, "package");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const tsc = join(projectDir, "node_modules", "typescript", "bin", "tsc");
  const config = join(projectDir, "tsconfig.package.json");
  await must("Compiling the package", process.execPath, [tsc, "--project", config, "--outDir", target], projectDir);

  const imported = new Set(codeIn(target).flatMap((file) => finish(file)));
  addProviderEntry(projectDir, target);
  for (const file of ["LICENSE", "pipelines.schema.json"]) copyFileSync(join(projectDir, file), join(target, file));
  const document = (name) => readFileSync(join(projectDir, "docs", name), "utf8");
  writeFileSync(join(target, "README.md"), document("package.md"));
  writeFileSync(join(target, "types.md"), document("types.md").replaceAll("(package.md)", "(README.md)"));
  const own = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8"));
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest(own, imported), undefined, 2)}\n`);

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

/**
 * Names what a file imports from other packages. tsc leaves `./x.ts` in declarations, which not every editor can follow to `./x.d.ts`:
 * there it becomes `./x.js`, as in the code beside it.
 */
function finish(file) {
  const text = readFileSync(file, "utf8");
  const imports = ts.preProcessFile(text, true, true).importedFiles;
  const relatives = imports.filter(({ fileName }) => fileName.startsWith(".") && fileName.endsWith(".ts"));
  if (relatives.length > 0) {
    const renamed = relatives.reduceRight((rest, { fileName, pos }) => {
      const start = rest.indexOf(fileName, pos);
      return `${rest.slice(0, start)}${fileName.replace(/\.ts$/, ".js")}${rest.slice(start + fileName.length)}`;
    }, text);
    writeFileSync(file, renamed);
  }
  return imports.map(({ fileName }) => fileName).filter((name) => !name.startsWith("."));
}

/** The one file that is no TypeScript, and names one that is. */
function addProviderEntry(projectDir, target) {
  const text = readFileSync(join(projectDir, "providers", "entry.cjs"), "utf8");
  const compiled = text.replace('require("./dynamic.ts")', 'require("./dynamic.js")');
  if (compiled === text || !existsSync(join(target, "providers", "dynamic.js"))) {
    throw new Error("providers/entry.cjs doesn't require ./dynamic.ts any more: bring scripts/package.mjs up to date");
  }
  writeFileSync(join(target, "providers", "entry.cjs"), compiled);
}

/** The package's own package.json: the doors of this one, and of its packages those that the code imports. */
export function manifest(own, imported) {
  const { name, version, description, license, type, engines } = own;
  const doors = Object.entries(own.exports).map(([door, file]) => [door, compiledDoor(file)]);
  const main = compiledDoor(own.exports["."]);
  const packages = [...imported].map(packageOf).filter((each) => each !== undefined);
  const peer = "@pulumi/pulumi"; // of which a program must have only one
  return {
    ...{ name, version, description, license, type, engines },
    // For `"moduleResolution": "node"`, which reads no `exports`; Pulumi's own templates have it.
    main: main.default,
    types: main.types,
    typesVersions: { "*": { pipelines: [compiledDoor(own.exports["./pipelines"]).types] } },
    exports: { ...Object.fromEntries(doors), "./package.json": "./package.json" },
    dependencies: Object.fromEntries(
      [...new Set(packages)]
        .filter((each) => each !== peer)
        .sort()
        .map((each) => [each, caret(own, each)]),
    ),
    peerDependencies: { [peer]: caret(own, peer) },
  };
}

function compiledDoor(file) {
  if (!file.endsWith(".ts")) return file;
  const path = file.slice(0, -".ts".length);
  return { types: `${path}.d.ts`, default: `${path}.js` };
}

/** `undici` of `undici/types`, `@a/b` of `@a/b/c`; undefined for what Node brings. */
function packageOf(specifier) {
  if (specifier.startsWith("node:")) return undefined;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function caret({ dependencies }, name) {
  if (dependencies[name] === undefined) throw new Error(`The package would import ${name}, which is no dependency`);
  return `^${dependencies[name]}`;
}
