import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCacheFolder } from "../../../embedded/folders.ts";
import { readSpec } from "../../../embedded/connectors/program-source.ts";
import { lockFile } from "../../../embedded/connectors/python/environments.ts";
import { createHash } from "node:crypto";
import { emptyCache, environments, fakeProgram, folders, temporaryFolder, write } from "../modules.ts";

const rights = (path: string) => (statSync(path).mode & 0o7777).toString(8);

/** What was set up with a wide umask, as some machines have it. */
function wideUmask() {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
}

const both = [
  ["the set-up", folders.openCacheFolder],
  ["the server", openCacheFolder],
] as const;

test.each(both)("the cache is for its owner alone, whatever the umask: %s", (_, open) => {
  const folder = emptyCache();
  wideUmask();
  expect(open()).toBe(folder);
  expect(rights(folder)).toBe("700");
});

test.each(both)("one that was made for others to read, or for a group, is shut: %s", (_, open) => {
  const folder = emptyCache();
  for (const mode of [0o755, 0o775]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, mode);
    open();
    expect(rights(folder)).toBe("700");
  }
});

test.each(both)(
  "one that everybody could write to is refused, also by way of a link or of its folder: %s",
  (_, open) => {
    const folder = emptyCache();
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(open).toThrow(/could (have changed|be changed)/);
    chmodSync(folder, 0o700);

    chmodSync(dirname(folder), 0o777);
    expect(open).toThrow(/another folder in the place|could be changed/);
    chmodSync(dirname(folder), 0o1777); // as /tmp is
    expect(open()).toBe(folder);

    const linked = emptyCache();
    const target = temporaryFolder();
    chmodSync(target, 0o777);
    symlinkSync(target, linked);
    expect(open).toThrow(/could (have changed|be changed)/);
  },
);

test.for(both)("another user's is refused: %s", ([, open], context) => {
  const folder = emptyCache();
  if (process.getuid?.() !== 0) return context.skip("needs root, who alone can give a folder away");
  mkdirSync(folder);
  chownSync(folder, 12345, 12345);
  expect(open).toThrow(/belongs to another user|could be changed/);
});

test("a specification that others could have written is not believed", () => {
  const folder = emptyCache();
  write(join(folder, "specs", "airbyte-source-x==1.json"), "{}");
  expect(readSpec("airbyte-source-x==1")).toEqual({});
  chmodSync(folder, 0o777);
  expect(readSpec("airbyte-source-x==1")).toBeUndefined();
});

test("what is made in the cache can't be written to while it is made, either", async () => {
  const folder = join(temporaryFolder(), "tool-1.0");
  wideUmask();
  await folders.provide(
    folder,
    () => false,
    (partial) => expect(rights(partial)).toBe("700"),
  );
});

/** A Python and a uv that note how they are called; `wheels` says whether all packages have one. */
async function installing({ wheels }: { wheels: boolean }) {
  const folder = emptyCache();
  const bin = temporaryFolder();
  const log = join(bin, "calls");
  fakeProgram(bin, "python3", "echo 3.11.2; echo venv");
  const digest = createHash("sha256")
    .update(readFileSync(lockFile("uv")))
    .digest("hex")
    .slice(0, 12);
  const uv = join(folder, "python", `uv-${digest}-python3.11.2`, "bin");
  fakeProgram(uv, "python", "");
  fakeProgram(
    uv,
    "uv",
    `echo "$*" >>"${log}"
case "$*" in
  venv*) mkdir -p "$VIRTUAL_ENV/bin"; : >"$VIRTUAL_ENV/bin/python";;
  *--only-binary*build.txt) ;;
  *--only-binary*) exit ${wheels ? 0 : 1};;
esac`,
  );
  const { python } = await environments.pythonEnvironment("source-stripe", { PATH: `${bin}:/bin:/usr/bin` });
  expect(existsSync(python)).toBe(true);
  const calls = readFileSync(log, "utf8").trim().split("\n").slice(1);
  return calls.map((call) => call.replace(/\/\S*\//, ""));
}

const locked = "pip install --quiet --no-deps --require-hashes";

test("where every package has a wheel, nothing is built", async () => {
  expect(await installing({ wheels: true })).toEqual([`${locked} --only-binary :all: -r source-stripe.txt`]);
});

test("what has to be built is built with locked packages alone", async () => {
  expect(await installing({ wheels: false })).toEqual([
    `${locked} --only-binary :all: -r source-stripe.txt`,
    `${locked} --only-binary :all: -r ${basename(lockFile("build"))}`,
    `${locked} --no-build-isolation -r source-stripe.txt`,
  ]);
});
