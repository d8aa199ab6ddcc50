import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { cli, emptyCache, fakeProgram, getPulumi, projectDir, temporaryFolder, versions } from "../modules.ts";

/** A folder with a fake pulumi, and the PATH that finds it and the shell's own tools only. */
function fakePulumi(version: string, { host = true } = {}): { bin: string; env: { PATH: string; HOME: string } } {
  const bin = temporaryFolder();
  fakeProgram(bin, "pulumi", `echo asked >> "${bin}/asked"; echo "${version}"`);
  if (host) fakeProgram(bin, "pulumi-language-nodejs", "");
  return { bin, env: { PATH: [bin, "/bin"].join(delimiter), HOME: bin } };
}

const failing = ["download", "build"].map((name) => ({
  name,
  make: () => Promise.reject(new Error(`no ${name} here`)),
}));

/** Fills the folder as a real way would. */
const working = {
  name: "build",
  make: (partial: string) => {
    for (const name of ["pulumi", "pulumi-language-nodejs"]) fakeProgram(join(partial, "bin"), name, "");
    return Promise.resolve();
  },
};

describe("the Pulumi CLI", () => {
  test("is the one on PATH if it is recent enough", async () => {
    emptyCache();
    const { env } = fakePulumi("v3.300.1");
    expect(await cli.choosePulumi(projectDir, { env, makers: failing })).toEqual({ selfBuilt: false });
  });

  test("on PATH is asked for its version once, until it changes", async () => {
    emptyCache();
    const { bin, env } = fakePulumi("v3.300.1");
    await cli.choosePulumi(projectDir, { env });
    await cli.choosePulumi(projectDir, { env });
    const asked = () => readFileSync(join(bin, "asked"), "utf8").trim().split("\n").length;
    expect(asked()).toBe(1);
    fakeProgram(bin, "pulumi", `echo asked >> "${bin}/asked"; echo v3.300.2 # newer`);
    await cli.choosePulumi(projectDir, { env });
    expect(asked()).toBe(2);
  });

  test.for([
    ["is too old", "v3.100.0", true, "is 3.100.0, older than"],
    ["has no language host", "v3.300.1", false, "has no pulumi-language-nodejs"],
    ["can't tell its version", "what?", true, 'does not answer "pulumi version"'],
  ] as const)("on PATH that %s is passed over, and the one in the cache used", async ([, version, host, why]) => {
    const folder = emptyCache();
    const { env } = fakePulumi(version, { host });
    await expect(cli.choosePulumi(projectDir, { env, makers: failing })).rejects.toThrow(why);

    const bin = join(folder, `pulumi-${versions.pulumiVersion}`, "bin");
    expect(await cli.choosePulumi(projectDir, { env, makers: [working] })).toEqual({ bin, selfBuilt: true });
    expect(await cli.choosePulumi(projectDir, { env, makers: failing })).toEqual({ bin, selfBuilt: true });
    expect(existsSync(join(bin, "pulumi-resource-pulumi-nodejs"))).toBe(true);
  });

  test("that can't be had by any way ends in one message: what was tried, what to do", async () => {
    const folder = emptyCache();
    const error = await cli.choosePulumi(projectDir, { env: { PATH: "/nowhere" }, makers: failing }).catch(String);
    expect(error).toContain("- PATH: no pulumi there");
    expect(error).toContain("- download: no download here");
    expect(error).toContain("- build: no build here");
    expect(error).toContain("What to do: install Pulumi");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is never half there: a way that fails midway leaves nothing", async () => {
    const folder = emptyCache();
    const midway = {
      name: "build",
      make: (partial: string) => {
        fakeProgram(join(partial, "bin"), "pulumi", "");
        return Promise.reject(new Error("disk full"));
      },
    };
    await expect(cli.choosePulumi(projectDir, { env: { PATH: "" }, makers: [midway] })).rejects.toThrow("disk full");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is first on PATH after Node, and asks for no plugin download where it was built here", () => {
    const env = cli.pulumiEnv({ bin: "/cli", selfBuilt: true }, "/node", { PATH: "/usr/bin" });
    expect(env.PATH).toBe("/node:/cli:/usr/bin");
    expect(env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe("true");
    expect(cli.pulumiEnv({ selfBuilt: false }, "/node", { PATH: "/usr/bin" })).not.toHaveProperty(
      "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
    );
  });

  test("has every Node below it watch for the end of Pulumi's engine, beside what NODE_OPTIONS says already", async () => {
    const folder = join(temporaryFolder(), 'a "folder" with blanks');
    for (const part of ["scripts/setup", "providers", "package.json"]) {
      cpSync(join(projectDir, part), join(folder, part), { recursive: true });
    }
    const copy = (await import(join(folder, "scripts/setup/pulumi.mjs"))) as typeof cli;
    const given = { PATH: "/usr/bin", NODE_OPTIONS: "--title=mine" };
    const env = copy.pulumiEnv({ selfBuilt: false }, "/node", given);
    const program = `console.log(process.title, Symbol.for("airbyte-on-pulumi/engine-watch") in globalThis)`;
    expect(execFileSync(process.execPath, ["-e", program], { env, encoding: "utf8" })).toBe("mine true\n");
    // a command of the project that another one runs, as the tests do
    expect(copy.pulumiEnv({ selfBuilt: false }, "/node", env).NODE_OPTIONS).toBe(env.NODE_OPTIONS);
  });

  test("has the same version everywhere it is pinned", () => {
    const goMod = readFileSync(join(projectDir, "toolchain", "cli", "go.mod"), "utf8");
    expect(goMod).toContain(`github.com/pulumi/pulumi/pkg/v3 v${versions.pulumiVersion}`);
  });
});

describe("the download", () => {
  const name = `pulumi-v${versions.pulumiVersion}-${process.platform}-${process.arch}.tar.gz`;

  /** Serves an archive like Pulumi's and a checksum for it. */
  async function releases(checksum?: string): Promise<string> {
    const folder = temporaryFolder();
    for (const program of ["pulumi", "pulumi-language-nodejs"]) fakeProgram(join(folder, "pulumi"), program, "");
    execFileSync("tar", ["-czf", join(folder, name), "-C", folder, "pulumi"]);
    const archive = readFileSync(join(folder, name));
    const sum = checksum ?? createHash("sha256").update(archive).digest("hex");
    const server = createServer((request, response) => {
      if (request.url?.endsWith("-checksums.txt")) response.end(`${"0".repeat(64)}  other.tar.gz\n${sum}  ${name}\n`);
      else response.end(archive);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  test("is checked against the published checksum and unpacked", async () => {
    const partial = temporaryFolder();
    await getPulumi.downloadPulumi(partial, projectDir, await releases());
    expect(readdirSync(partial)).toEqual(["bin"]);
    expect(readdirSync(join(partial, "bin"))).toEqual(["pulumi", "pulumi-language-nodejs"]);
  });

  test("that doesn't match is refused", async () => {
    const from = await releases("0".repeat(64));
    await expect(getPulumi.downloadPulumi(temporaryFolder(), projectDir, from)).rejects.toThrow(
      "does not match its published checksum",
    );
  });

  test("is held against the checksum that is pinned here, whatever the server publishes", async () => {
    const pinned = { [`${process.platform}-${process.arch}`]: "0".repeat(64) };
    const from = await releases();
    await expect(getPulumi.downloadPulumi(temporaryFolder(), projectDir, from, pinned)).rejects.toThrow(
      "does not match the checksum in scripts/setup/versions.mjs",
    );
    const archive = Buffer.from(await (await fetch(`${from}/${name}`)).arrayBuffer());
    pinned[`${process.platform}-${process.arch}`] = createHash("sha256").update(archive).digest("hex");
    const partial = temporaryFolder();
    await getPulumi.downloadPulumi(partial, projectDir, from, pinned);
    expect(readdirSync(partial)).toEqual(["bin"]);
  });

  test("is pinned by whole checksums of platforms that there are", () => {
    for (const [platform, sum] of Object.entries(versions.pulumiChecksums)) {
      expect(Object.keys(versions.pinnedNodes)).toContain(platform);
      expect(sum).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test.runIf(existsSync("/dev/full"))("gives way where the disk is full", async () => {
    const partial = temporaryFolder();
    symlinkSync("/dev/full", join(partial, name));
    await expect(getPulumi.downloadPulumi(partial, projectDir, await releases())).rejects.toThrow("ENOSPC");
  });

  test("gives way where the server is not reachable", async () => {
    await expect(getPulumi.downloadPulumi(temporaryFolder(), projectDir, "http://127.0.0.1:9")).rejects.toThrow(
      "127.0.0.1:9 is not reachable",
    );
  });
});

describe("the build", () => {
  test("says so where Go is too old", async () => {
    const bin = temporaryFolder();
    fakeProgram(bin, "go", 'echo "go version go1.19.8 linux/amd64"');
    await expect(getPulumi.buildPulumi(temporaryFolder(), projectDir, { PATH: bin })).rejects.toThrow(
      "older than 1.21",
    );
  });

  test("that fails shows the end of what Go said", async () => {
    const bin = temporaryFolder();
    fakeProgram(
      bin,
      "go",
      '[ "$1" = version ] && echo "go version go1.26.0 linux/amd64" && exit; echo "no route"; exit 1',
    );
    await expect(
      getPulumi.buildPulumi(temporaryFolder(), projectDir, { PATH: [bin, "/bin"].join(delimiter) }),
    ).rejects.toThrow(/go build failed in .*\nno route/);
  });
});
