import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { check, fakeProgram, projectDir, temporaryFolder, versions, write } from "../modules.ts";

/** What the scripts use. */
const USED = [...check.codeIn(projectDir).filter((name) => name !== "scripts"), "toolchain"];

/**
 * A checkout in which nothing is set up yet, with a home folder of its own, and stand-ins for the programs that set-up calls: npm, go,
 * python3 and pulumi. The one that is `slow` tells that it has begun, and then does nothing until a signal ends it.
 */
export class Checkout {
  readonly dir = temporaryFolder();
  readonly home = temporaryFolder();
  readonly #bin = temporaryFolder();
  /** What the scripts run in; a test may add to it. */
  readonly env: Record<string, string>;

  constructor({ pulumi = true } = {}) {
    for (const file of ["package.json", "package-lock.json", "Pulumi.yaml", "Pulumi.dev.yaml", "scripts"])
      cpSync(join(projectDir, file), join(this.dir, file), { recursive: true });
    for (const name of USED) symlinkSync(join(projectDir, name), join(this.dir, name));
    write(join(this.dir, "pipelines.yaml"), "sources: { users: { connector: faker, configuration: { count: 1 } } }\n");
    const npm = write(join(this.#bin, "npm-cli.js"), fakeNpm);
    fakeProgram(this.#bin, "go", `${slowIf("go", "build")}\n${fakeGo}`);
    fakeProgram(this.#bin, "python3", `${slowIf("python3", "-m venv")}\n${fakePython}`);
    if (pulumi) {
      fakeProgram(this.#bin, "pulumi", `${slowIf("pulumi", "up")}\necho "v3.999.0"`);
      fakeProgram(this.#bin, "pulumi-language-nodejs", "");
    }
    this.env = {
      PATH: [this.#bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
      HOME: this.home,
      XDG_CACHE_HOME: join(this.home, ".cache"),
      BIN: this.#bin,
      npm_execpath: npm,
      // no download: the proxy isn't there
      HTTPS_PROXY: "http://127.0.0.1:9",
      NODE_USE_ENV_PROXY: "1",
    };
  }

  /** As if this Node were another one, but for the one that set-up fetches. */
  pretendNode(version: string): void {
    const file = write(
      join(this.#bin, "pretend.cjs"),
      `Object.defineProperty(process.versions, "node", { value: "${version}" });`,
    );
    this.env.NODE_OPTIONS = `--require ${file}`;
  }

  /** npm fails with these words. */
  npmFails(words: string): void {
    writeFileSync(join(this.#bin, "npm-error"), words);
  }

  async run(...args: string[]) {
    const { child, said } = this.#spawn(args);
    const [code] = (await once(child, "close")) as [number];
    return { code, ...said };
  }

  /** Ctrl-C as soon as the slow program has begun. */
  async interrupted(slow: string, ...args: string[]) {
    write(join(this.#bin, "slow"), slow);
    const { child, said } = this.#spawn(args);
    const ended = once(child, "close");
    while (!existsSync(join(this.#bin, "begun")) && child.exitCode === null) await sleep(20);
    child.kill("SIGINT");
    const [code] = (await ended) as [number];
    for (const file of ["slow", "begun"]) rmSync(join(this.#bin, file), { force: true });
    return { code, ...said };
  }

  /** Locks and half-made folders. */
  leftovers(): string[] {
    const folders = [join(this.dir, ".airbyte"), join(this.home, ".cache")].filter((folder) => existsSync(folder));
    const names = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }));
    return names.filter((name) => /(?:\.partial-\d+|\.lock|\/lock)$/.test(name));
  }

  #spawn(args: string[]) {
    const said = { stdout: "", stderr: "" };
    const child = spawn(process.execPath, [join(this.dir, "scripts/run.mjs"), ...args], {
      cwd: this.dir,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
    return { child, said };
  }
}

/** Shell: waits for a signal where this program is the slow one, and `word`, if any, is among its arguments. */
function slowIf(name: string, word = ""): string {
  return `case " $* " in *" ${word}"*)
  if [ "$(cat "$BIN/slow" 2>/dev/null)" = ${name} ]; then
    trap 'exit 130' INT TERM; : > "$BIN/begun"; while :; do sleep 0.05; done
  fi;;
esac`;
}

const fakeGo = `[ "$1" = version ] && echo "go version go1.26.0 linux/amd64" && exit
while [ $# -gt 1 ]; do [ "$1" = -o ] && { mkdir -p "$(dirname "$2")"; printf '#!/bin/sh\\necho v3.999.0\\n' > "$2"; chmod +x "$2"; }; shift; done`;

// As `venv` does, an environment has a python of its own.
const fakePython = `[ "$1" = -c ] && printf '3.11.2\\nvenv\\n' && exit
for last; do :; done
if [ "$2" = venv ]; then mkdir -p "$last/bin" && cp "$0" "$last/bin/python"; fi`;

const { name = "", integrity = "" } = versions.pinnedNodes[`${process.platform}-${process.arch}`] ?? {};

const fakeNpm = `const fs = require("node:fs"), { join, dirname } = require("node:path");
const args = process.argv.slice(2), bin = __dirname;
const read = (file) => { try { return fs.readFileSync(join(bin, file), "utf8"); } catch { return ""; } };
if (read("npm-error")) { console.error(read("npm-error")); process.exit(1); }
if (read("slow") === "npm") {
  fs.writeFileSync(join(bin, "begun"), "");
  setInterval(() => {}, 1000);
} else if (args[0] === "ci") {
  fs.rmSync("node_modules", { recursive: true, force: true }); // a link: what it points to stays
  fs.symlinkSync(${JSON.stringify(join(projectDir, "node_modules"))}, "node_modules");
} else {
  const modules = join(args[args.indexOf("--prefix") + 1], "node_modules");
  const node = join(modules, "${name}", "bin", "node");
  fs.mkdirSync(dirname(node), { recursive: true });
  fs.writeFileSync(node, '#!/bin/sh\\nunset NODE_OPTIONS\\nexec "${process.execPath}" "$@"\\n', { mode: 0o755 });
  const packages = { "node_modules/${name}": { integrity: "${integrity}" } };
  fs.writeFileSync(join(modules, ".package-lock.json"), JSON.stringify({ packages }));
}
`;
