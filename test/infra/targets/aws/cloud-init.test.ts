import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { fixedCredentials } from "../../../../credentials/credentials.ts";
import { cloudConfig } from "../../../../infra/targets/aws/cloud-init.ts";
import { pythonWith, whyNoPython } from "../../../clients/virtual-environment.ts";
import { debianProgram, unpacked } from "../../../doubles/debian-program.ts";

const run = promisify(execFile);
const keys = fixedCredentials("q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ");
const text = cloudConfig({ dataVolumeId: "vol-0a1b2c3d4e5f67890", ...keys });
const config = parse(text) as {
  write_files: { path: string; permissions: string; content: string }[];
  ssh_keys: object;
};

test("cloud-init finds nothing to object to", { timeout: 300_000 }, async (context) => {
  const noPython = whyNoPython();
  if (noPython !== undefined) return context.skip(`needs Python: ${noPython}`);
  const package_ = await unpacked(["cloud-init"]).catch((error: unknown) => error as Error);
  if (package_ instanceof Error) return context.skip(`needs Debian's package cloud-init: ${package_.message}`);
  const python = await pythonWith(
    "jinja2",
    "oauthlib",
    "configobj",
    "pyyaml",
    "requests",
    "jsonpatch",
    "jsonschema",
    "netifaces",
  );
  const file = join(mkdtempSync(join(tmpdir(), "cloud-")), "user-data");
  const validate = (content: string) => {
    writeFileSync(file, content);
    const env = { ...process.env, PYTHONPATH: join(package_, "usr/lib/python3/dist-packages") };
    return run(python, ["-m", "cloudinit.cmd.main", "schema", "--config-file", file], { env });
  };
  const { stdout, stderr } = await validate(text);
  expect(stdout + stderr).toContain("Valid cloud-config");
  // It does object where there is something to object to.
  await expect(validate(text.replace("disable_root: true", "disable_root: [no]"))).rejects.toThrow(/disable_root/);
});

test("shellcheck finds nothing to object to in the scripts", async (context) => {
  const shellcheck = await debianProgram("shellcheck", "usr/bin/shellcheck");
  if (shellcheck.missing !== undefined) return context.skip(shellcheck.missing);
  const scripts = config.write_files.filter(({ permissions }) => permissions === "0755");
  expect(scripts.map(({ path }) => path)).toEqual([
    "/usr/local/sbin/airbyte-host-setup",
    "/usr/local/sbin/airbyte-gateway-watch",
  ]);
  for (const { content } of scripts) {
    const file = join(mkdtempSync(join(tmpdir(), "script-")), "script.sh");
    writeFileSync(file, content);
    await run(shellcheck.path, [file]);
  }
});

test("Docker waits for its disk, where its data are", () => {
  const content = (path: string) => config.write_files.find((file) => file.path === path)?.content ?? "";
  expect(content("/etc/systemd/system/docker.service.d/airbyte.conf")).toContain("RequiresMountsFor=/mnt/airbyte\n");
  expect(JSON.parse(content("/etc/docker/daemon.json"))).toEqual({ "data-root": "/mnt/airbyte/docker" });
});
