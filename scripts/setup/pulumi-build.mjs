import { existsSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "./pulumi-on-path.mjs";
import { quietly, tail } from "./process.mjs";
import { pulumiVersion } from "./versions.mjs";

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
