import { execFile, execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

const script = readFileSync(join(import.meta.dirname, "../../../../infra/targets/aws/host-setup.sh"), "utf8");

/** Runs the part that decides about formatting, with programs that answer as told and note how they were called. */
async function formatIfEmpty({ blkid, wipefs = "" }: { blkid: number; wipefs?: string }) {
  const folder = mkdtempSync(join(tmpdir(), "programs-"));
  const program = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/bin/bash\necho "${name} $*" >>"${folder}/calls"\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  program("blkid", `exit ${blkid}`);
  program("wipefs", `echo -n "${wipefs}"`);
  program("mkfs.ext4", "");
  writeFileSync(join(folder, "calls"), "");
  const functions = script.slice(0, script.indexOf("device=$(wait_for_device)"));
  writeFileSync(join(folder, "part.sh"), `${functions}\nformat_if_empty /dev/data\n`);
  const env = { PATH: `${folder}:${process.env.PATH ?? ""}` };
  const code = await new Promise<number>((resolve) => {
    execFile("bash", [join(folder, "part.sh"), "vol-1", "ubuntu"], { env }, (error) =>
      resolve(Number(error?.code ?? 0)),
    );
  });
  return {
    code,
    formatted: readFileSync(join(folder, "calls"), "utf8").includes("mkfs.ext4 -q -L airbyte-data /dev/data"),
  };
}

describe("the key of Docker's packages", () => {
  const noGpg = spawnSync("gpg", ["--version"]).error ? "there is no gpg on this machine" : undefined;

  /** Takes a key out of what these people have put into one file; resolves with what is in the keyring then. */
  function takeKey(folder: string, file: Buffer, fingerprint: string) {
    const functions = script.slice(0, script.indexOf("device=$(wait_for_device)"));
    const keyring = join(folder, "keyring.gpg");
    writeFileSync(join(folder, "came"), file);
    writeFileSync(join(folder, "part.sh"), `${functions}\ntake_key "${folder}/came" ${fingerprint} "${keyring}"\n`);
    const run = spawnSync("bash", [join(folder, "part.sh"), "vol-1", "ubuntu"], { encoding: "utf8" });
    const keys = () => spawnSync("gpg", ["--show-keys", "--with-colons", keyring], { encoding: "utf8" }).stdout;
    return {
      code: run.status,
      said: run.stdout,
      keys: existsSync(keyring) ? keys().match(/^pub:/gm)?.length : undefined,
    };
  }

  test("is taken alone: a foreign one beside it, before or after, in one block or in two, is refused", ({ skip }) => {
    if (noGpg !== undefined) return skip(noGpg);
    const folder = mkdtempSync("/tmp/keys-"); // gpg's agent wants a short path
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const home = join(folder, "home");
    mkdirSync(home, { mode: 0o700 });
    const gpg = (...args: string[]) => execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", ...args]);
    onTestFinished(() => void spawnSync("gpgconf", ["--homedir", home, "--kill", "all"]));
    const made = ["docker", "foreign"].map((name) => {
      gpg("--passphrase", "", "--quick-generate-key", name, "rsa2048", "sign", "never");
      const listed = gpg("--with-colons", "--list-keys", name).toString();
      return { name, fingerprint: /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? "" };
    });
    const docker = made[0]?.fingerprint ?? "";
    gpg("--passphrase", "", "--quick-add-key", docker, "rsa2048", "encr", "never"); // a subkey is no other key
    const [own, foreign] = made.map(({ name }) => gpg("--armor", "--export", name)) as [Buffer, Buffer];
    const refused = { code: 1, keys: undefined, said: expect.stringContaining("not Docker's") as string };

    expect(takeKey(folder, own, docker)).toMatchObject({ code: 0, keys: 1 });
    rmSync(join(folder, "keyring.gpg"));
    for (const both of [
      gpg("--armor", "--export"),
      gpg("--export"),
      Buffer.concat([own, foreign]),
      Buffer.concat([foreign, own]),
      foreign,
      Buffer.from("<html>"),
    ]) {
      const taken = takeKey(folder, both, docker);
      // Where GnuPG reads the first of two blocks alone, the other one isn't in the keyring either.
      if (taken.code === 0) expect(taken.keys).toBe(1);
      else expect(taken).toMatchObject(refused);
      rmSync(join(folder, "keyring.gpg"), { force: true });
    }
    expect(takeKey(folder, gpg("--export"), docker)).toMatchObject(refused);
    expect(takeKey(folder, foreign, docker)).toMatchObject(refused);
  });
});

describe("the data volume", () => {
  test("is formatted when it is known to be empty", async () => {
    expect(await formatIfEmpty({ blkid: 2 })).toEqual({ code: 0, formatted: true });
  });

  test("is never formatted when it has a file system", async () => {
    expect(await formatIfEmpty({ blkid: 0 })).toEqual({ code: 0, formatted: false });
  });

  test("is never formatted when nobody can tell, or when there is a signature of something: the set-up fails instead", async () => {
    expect(await formatIfEmpty({ blkid: 8 })).toEqual({ code: 1, formatted: false });
    expect(await formatIfEmpty({ blkid: 2, wipefs: "0x218 LVM2_member" })).toEqual({ code: 1, formatted: false });
  });
});
