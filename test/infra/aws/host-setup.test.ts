import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const script = readFileSync(join(import.meta.dirname, "../../../infra/aws/host-setup.sh"), "utf8");

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
