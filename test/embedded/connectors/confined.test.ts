import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { programSource } from "../../../embedded/connectors/program-source.ts";
import { Programs } from "../../../embedded/connectors/programs.ts";
import { confined, limitMet, newRun, type Rights } from "../../../embedded/connectors/python/confined.ts";
import { WriterPool } from "../../../embedded/connectors/python/writers.ts";
import { temporaryFolder } from "../start.ts";

const ask = (code: string) => spawnSync("python3", ["-c", code], { encoding: "utf8" }).stdout?.trim();
const python = ask("import sys; print(sys.executable)");
const hasLandlock = ask("import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1) > 0)") === "True";

/** What a program of Python says that has these rights. */
function run(code: string, rights: Partial<Rights> = {}, ...opened: number[]) {
  const folder = temporaryFolder();
  const file = join(temporaryFolder(), "program.py");
  writeFileSync(file, code);
  const program = [file, folder];
  const args = confined(python, { write: [folder], ...rights, read: [file, ...(rights.read ?? [])] }, program);
  const { status, stdout, stderr } = spawnSync(python, args, {
    ...{ encoding: "utf8", cwd: folder },
    stdio: ["ignore", "pipe", "pipe", ...opened],
  });
  return { status, stdout, stderr, folder };
}

describe.skipIf(!python)("a connector's process", () => {
  test("is the program with its arguments, and answers for itself", () => {
    const { status, stdout, folder } = run("import sys; print(sys.argv[1:]); sys.exit(3)");
    expect([status, stdout.trim()]).toEqual([3, `['${folder}']`]);
  });

  test("gets no open file of who starts it, and what it writes is its user's alone", () => {
    const secret = join(temporaryFolder(), "secret");
    writeFileSync(secret, "text");
    const opened = openSync(secret, "r");
    onTestFinished(() => {
      closeSync(opened);
    });
    const { stdout, folder } = run(
      'import os\nopen("new", "w")\ntry: print(os.read(3, 4))\nexcept OSError: print("no")',
      {},
      opened,
    );
    expect(stdout.trim()).toBe("no");
    expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o600);
  });

  test("gets an error where it wants more memory, files or room than it may have, and these are told in words", () => {
    const memory = run("x = bytearray(400 << 20)", { memoryBytes: 200 << 20 });
    expect(memory.status).toBe(1);
    expect(limitMet(memory.stderr)).toBe("it needs more than 4 GB of memory");
    const files = run("f = [open(__file__) for _ in range(5000)]");
    expect(limitMet(files.stderr)).toBe("it opens more than 4096 files");
    const room = run(
      "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE)[1], resource.getrlimit(resource.RLIMIT_CORE)[1])",
    );
    expect(room.stdout.trim()).toBe(`${16 * 1024 ** 3} 0`);
    expect(limitMet("OSError: [Errno 27] File too large")).toBe("it writes a file of more than 16 GB");
    expect(limitMet("KeyError: 'id'")).toBeUndefined();
  });
});

test.skipIf(!python)("a connector that is too greedy fails with the limit that it met, whoever says it", async () => {
  const bin = temporaryFolder();
  const programs = new Programs(join(bin, "programs"), () => Promise.resolve({ bin, python }));
  onTestFinished(() => programs.close());
  const messageOf = async (code: string) => {
    writeFileSync(join(bin, "source-greedy"), code);
    const source = { environment: "source-greedy", program: "source-greedy", programs, log: () => undefined };
    const specification = () => Promise.resolve({ type: "object" });
    return (await programSource({ ...source, specification }).check({})).message;
  };
  const greedy = "x = bytearray(5 << 30)";
  expect(await messageOf(greedy)).toMatch(/^source-greedy check ended with 1: it needs more than 4 GB of memory$/);
  const caught = `
import json
try:
    ${greedy}
except MemoryError as error:
    trace = {"type": "ERROR", "error": {"message": "Something went wrong in the connector. See the logs for more details.", "internal_message": repr(error)}}
    print(json.dumps({"type": "TRACE", "trace": trace}))`;
  expect(await messageOf(caught)).toBe("The connector failed: it needs more than 4 GB of memory");
});

// Each would work without what takes the rights away.
describe.skipIf(!python || !hasLandlock)("on a Linux with Landlock, a connector's process", () => {
  test("reads and writes its own folder and those that it is given, and no other file of the user", () => {
    const [given, secret] = [temporaryFolder(), temporaryFolder()];
    for (const folder of [given, secret]) writeFileSync(join(folder, "file"), "text");
    const code = `
import os, sys
def tried(what):
    try: what(); return "yes"
    except PermissionError: return "no"
own, given, secret = sys.argv[1], ${JSON.stringify(given)}, ${JSON.stringify(secret)}
print(*[tried(what) for what in [
  lambda: open(own + "/new", "w").write("x"),
  lambda: open(given + "/file").read(),
  lambda: open(given + "/file", "a"),
  lambda: open(secret + "/file").read(),
  lambda: os.listdir(secret),
  lambda: open(secret + "/new", "w"),
  lambda: os.symlink(secret, own + "/link") or open(own + "/link/file"),
  lambda: os.unlink(secret + "/file"),
  lambda: __import__("subprocess").run(["cat", secret + "/file"], check=True, stderr=-3) and None,
]])`;
    const { stdout, stderr } = run(code, { read: [given] });
    // A child is as confined: cat itself fails, which is no PermissionError.
    expect(stderr).toContain("CalledProcessError");
    const before = run(code.replace(/^ {2}lambda: __import__.*$/m, ""), { read: [given] });
    expect(before.stdout.trim()).toBe("yes yes no no no no no no");
    expect(stdout).toBe("");
    expect(existsSync(join(secret, "file"))).toBe(true);
  });

  test("neither looks into other processes nor ends them, and gains no rights", () => {
    const code = `
import os
try: print(open("/proc/${process.pid}/environ").read()[:1] and "read")
except PermissionError: print("no")
try: os.kill(${process.pid}, 0); print("may")
except PermissionError: print("no")
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["NoNewPrivs"].strip(), int(status["CapEff"], 16))`;
    const [environ, signal, gained] = run(code).stdout.trim().split("\n");
    expect(environ).toBe("no");
    expect(["no", "may"]).toContain(signal); // Linux 6.12 and later
    expect(gained).toBe("1 0");
  });

  test("may have a folder that is made later inside of one that it has", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "deep"));
    const { stdout } = run(`open(${JSON.stringify(join(folder, "deep/new"))}, "w"); print("written")`, {
      write: [folder],
    });
    expect(stdout.trim()).toBe("written");
  });
});

const never = () => Promise.reject(new Error("Nothing runs here"));

test.each([
  ["writers", (folder: string) => new WriterPool(never, folder, folder)],
  ["programs", (folder: string) => new Programs(folder, never)],
])("a start clears away what killed runs of %s have left, and nothing that isn't theirs", async (_, open) => {
  const folder = temporaryFolder();
  newRun(folder);
  for (const name of ["0b0f1a52-2a54-4b0c-9a3e-0f5e8f1f7a11", "logs", "somebodys"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "lake.duckdb"), "rows");
  await open(folder).close();
  expect(readdirSync(folder).sort()).toEqual(["lake.duckdb", "somebodys"]);
});
