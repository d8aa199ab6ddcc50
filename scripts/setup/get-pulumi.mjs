// The two ways to a Pulumi CLI where there is none: its own archive, or a build with Go.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { startStep } from "./messages.mjs";
import { findOnPath, quietly, tail } from "./process.mjs";
import { pulumiChecksums, pulumiVersion } from "./versions.mjs";

const releases = "https://get.pulumi.com/releases/sdk";
const platforms = { "linux-x64": 1, "linux-arm64": 1, "darwin-x64": 1, "darwin-arm64": 1 };

/** A machine without a way out should go on with the next way within seconds. */
const answerMs = 6_000;
const silenceMs = 20_000;

/**
 * Downloads the official CLI into `partial/bin` and checks it against the pinned checksum, or the published one. Throws an error that says
 * why not.
 *
 * @param {string} partial
 * @param {string} _projectDir
 */
export async function downloadPulumi(partial, _projectDir, base = releases, pinned = pulumiChecksums) {
  const platform = `${process.platform}-${process.arch}`;
  if (!(platform in platforms)) throw new Error(`Pulumi publishes no CLI for ${platform}`);
  http.setGlobalProxyFromEnv?.(); // HTTPS_PROXY and NO_PROXY, in a Node that knows them

  const name = `pulumi-v${pulumiVersion}-${platform}.tar.gz`;
  const archive = join(partial, name);
  const own = pinned[platform];
  const expected = own ?? (await publishedChecksum(base, name));

  await save(`${base}/${name}`, archive);
  if ((await sha256(archive)) !== expected) {
    const whose = own === undefined ? "its published checksum" : "the checksum in scripts/setup/versions.mjs";
    throw new Error(`${name} does not match ${whose}`);
  }

  const unpacked = await quietly("tar", ["-xzf", archive, "-C", partial]);
  if (unpacked.code !== 0) throw new Error(`unpacking ${name} failed: ${tail(unpacked.output, 3)}`);
  const folder = ["pulumi/bin", "pulumi"]
    .map((inside) => join(partial, inside))
    .find((dir) => existsSync(join(dir, "pulumi")));
  if (!folder) throw new Error(`${name} holds no pulumi`);
  renameSync(folder, join(partial, "bin"));
  rmSync(archive);
}

/**
 * @param {string} base
 * @param {string} name
 */
async function publishedChecksum(base, name) {
  const checksums = await (await get(`${base}/pulumi-${pulumiVersion}-checksums.txt`)).text();
  const expected = checksums
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, file]) => file === name)?.[0];
  if (!expected) throw new Error(`the published checksums do not name ${name}`);
  return expected;
}

/** @param {string} url */
async function get(url) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), answerMs);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return Object.assign(response, { abort: () => controller.abort() });
  } catch (given) {
    const error = /** @type {Error & { cause?: { code?: string } }} */ (given);
    if (error.name === "AbortError") throw new Error(`no answer from ${new URL(url).host} within ${answerMs / 1000} s`);
    if (error.name === "TypeError")
      throw new Error(`${new URL(url).host} is not reachable (${error.cause?.code ?? error.message})`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} url
 * @param {string} file
 */
async function save(url, file) {
  const step = startStep(`Downloading Pulumi ${pulumiVersion}`, "under a minute, once");
  /** @type {NodeJS.Timeout | undefined} */
  let silence;
  try {
    const response = await get(url);
    const total = Number(response.headers.get("content-length"));
    silence = setTimeout(() => response.abort(), silenceMs);
    let bytes = 0;
    /** @param {AsyncIterable<Uint8Array>} chunks */
    const counted = async function* (chunks) {
      for await (const chunk of chunks) {
        silence?.refresh();
        bytes += chunk.length;
        step.detail(`${megabytes(bytes)}${total ? ` of ${megabytes(total)}` : ""} MB`);
        yield chunk;
      }
    };
    if (!response.body) throw new Error(`${url} answered with nothing`);
    await pipeline(response.body, counted, createWriteStream(file));
  } catch (error) {
    throw error instanceof Error && error.name === "AbortError"
      ? new Error(`the download stood still for ${silenceMs / 1000} s`)
      : error;
  } finally {
    clearTimeout(silence);
    step.end();
  }
}

/** @param {string} file */
async function sha256(file) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}

/** @param {number} bytes */
function megabytes(bytes) {
  return Math.round(bytes / 1_000_000);
}

const goMinimum = 21; // the first that fetches the toolchain a go.mod asks for

/**
 * Builds the CLI and the Node.js language host from the Go modules pinned in toolchain/. Throws an error that says why not.
 *
 * @param {string} partial
 * @param {string} projectDir
 */
export async function buildPulumi(partial, projectDir, env = process.env) {
  const go = findOnPath("go", env) ?? ["/usr/local/go/bin/go"].find((file) => existsSync(file));
  if (!go) throw new Error("no go on PATH");
  const version = await quietly(go, ["version"], { env });
  if (Number(/go1\.(\d+)/.exec(version.stdout)?.[1]) < goMinimum) {
    throw new Error(`${version.stdout.trim()} is older than 1.${goMinimum}`);
  }

  const bin = join(partial, "bin");
  // Without this flag the CLI doesn't know its version, and the Automation API refuses it.
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`;
  await build(go, env, {
    label: `Building Pulumi ${pulumiVersion} with Go`,
    usually: "5 to 15 min, once per version",
    cwd: join(projectDir, "toolchain", "cli"),
    args: ["-ldflags", `-s -w ${stamp}`, "-o", join(bin, "pulumi"), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
  });
  await build(go, env, {
    label: "Building Pulumi's Node.js language host with Go",
    usually: "under a minute, once per version",
    cwd: join(projectDir, "toolchain", "nodejs-host"),
    args: [
      "-o",
      join(bin, "pulumi-language-nodejs"),
      "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    ],
  });
}

/**
 * @param {string} go
 * @param {NodeJS.ProcessEnv} env
 * @param {{ label: string, usually: string, cwd: string, args: string[] }} what
 */
async function build(go, env, { label, usually, cwd, args }) {
  // -v names each package as it is compiled: the progress lines show the last one
  const result = await quietly(go, ["build", "-v", ...args], {
    label,
    usually,
    cwd,
    // settings of other projects must not reach this build; without VCS stamps and CGO it needs no git and no C compiler
    env: { ...env, GOFLAGS: "-buildvcs=false", GOWORK: "off", CGO_ENABLED: "0" },
  });
  if (result.code !== 0) throw new Error(`go build failed in ${cwd}\n${tail(result.output)}`);
}
