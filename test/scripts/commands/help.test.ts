import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { parse } from "../../../scripts/commands/command-line.ts";
import { optionNames, typed } from "../../../scripts/commands/command.ts";
import { allCommands as commands, dispatch, perform } from "../../../scripts/commands/dispatch.ts";
import { projectDir, temporaryFolder, terminal } from "../modules.ts";

const manifest = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
// prepack is npm's own to run.
const { prepack, ...scripts } = manifest.scripts;

/** What is printed, and the exit code. */
async function run(...args: string[]) {
  const said = { out: "", error: "" };
  vi.spyOn(console, "log").mockImplementation((line: string) => void (said.out += line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void (said.error += line));
  onTestFinished(() => void vi.restoreAllMocks());
  return { code: await dispatch(args), ...said };
}

test("every script of package.json is a command, and leads to it through the one door", () => {
  const lines = commands.map(({ name }) => [name === "up" ? "start" : name, `node scripts/run.mjs ${name}`]);
  expect(scripts).toEqual(Object.fromEntries(lines));
  expect(prepack).toContain("npm run package");
});

test.each(commands)("npm run $name explains itself with --help, on one screen", async (command) => {
  const { name, parts = {} } = command;
  for (const option of ["--help", "-h"]) {
    const { code, out, error } = await run(name, option);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`^${typed(name)}\\b`));
    for (const part of [...Object.keys(parts), ...optionNames(command).map((known) => `--${known}`)])
      expect(out).toContain(part);
    const lines = out.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(30);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test("what a line or an example of a command names is there", () => {
  for (const command of commands) {
    const { line = "", examples = [], parts = {}, passesOn } = command;
    const known = ["help", ...optionNames(command)];
    const lines = [line, ...examples.map((example) => (typeof example === "string" ? example : example[0]))];
    const own = lines.filter((one) => one === line || one.startsWith(typed(command.name)));
    const named = own.flatMap((one) => [...one.matchAll(/ --([a-z][\w-]*)/g)].map(([, name = ""]) => name));
    if (passesOn === undefined) expect(named.filter((name) => !known.includes(name) && !(name in parts))).toEqual([]);
  }
});

test("a command that nobody knows gets the list of all, with what each is for", async () => {
  const wrong = await run("toString");
  expect(wrong.code).toBe(2);
  for (const name of Object.keys(scripts)) expect(wrong.error).toMatch(new RegExp(`^  npm (run )?${name} +\\S+ `, "m"));
  expect(await run("--help")).toMatchObject({ code: 0, out: wrong.error });
});

test("help comes before anything is installed", () => {
  const folder = temporaryFolder();
  for (const part of ["scripts", "errors", "package.json"])
    cpSync(join(projectDir, part), join(folder, part), { recursive: true });
  const help = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "scripts/run.mjs"), ...args, "--help"], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder },
    });
    return [stdout.split("\n")[0], stderr];
  };
  expect(help()).toEqual([expect.stringContaining("The commands of this project"), ""]);
  expect(help("adopt")).toEqual([expect.stringMatching(/^npm run adopt \[-- OPTIONS\]/), ""]);
});

test.each([
  [
    ["graph", "--makrdown"],
    `Unknown option '--makrdown'; did you mean "--markdown"? npm run graph -- --help tells more.`,
  ],
  [["graph", "--out"], "--out needs a value: --out FILE. npm run graph -- --help tells more."],
  [["graph", "--out", "--markdown"], "--out needs a value: --out FILE. npm run graph -- --help tells more."],
  [["move", "--check=yes"], "--check takes no value. npm run move -- --help tells more."],
  [["doctor", "prod"], "npm run doctor takes no argument; found prod. npm run doctor -- --help tells more."],
  [["rows", "a", "b"], "npm run rows takes one argument, STREAM; found b. npm run rows -- --help tells more."],
  [["comment"], "FILE is missing. npm run comment -- --help tells more."],
  [["bench", "pipelines", "--rows", "1"], /^Unknown option '--rows'.* npm run bench -- --help tells more\.$/],
])("a mistake in the arguments is one sentence, and ends with 2: %j", async ([name, ...given], words) => {
  const command = commands.find((one) => one.name === name);
  await expect(parse(command!, given, {})).rejects.toMatchObject({
    exitCode: 2,
    message: typeof words === "string" ? words : (expect.stringMatching(words) as string),
  });
});

test.each([
  [["test", "--quick"], false],
  [["test"], true],
  [["bench", "syncs"], false],
  [["bench", "pipelines"], true],
  [["rows"], false],
  [["up"], true],
])("Pulumi is brought where it is needed, and only there: %j", async ([name, ...given], isNeeded) => {
  const command = { ...commands.find((one) => one.name === name)!, run: () => Promise.resolve(0) };
  const bringPulumi = vi.fn(() => Promise.resolve({}));
  await perform(command, { projectDir, given, env: {}, bringPulumi });
  expect(bringPulumi).toHaveBeenCalledTimes(isNeeded ? 1 : 0);
});

test("what a command quotes gives no orders to the terminal", () => {
  const given = ["scripts/run.mjs", "package", "\u001b[2J\u202e"];
  const { status, stderr } = spawnSync(process.execPath, given, { cwd: projectDir, encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain("\\u001b[2J\\u202e");
  expect(stderr).not.toMatch(/[\u001b\u202e]/);
});

test("long lines are broken at a space, under the text; a narrow terminal gets shorter ones", () => {
  expect(terminal.fold("  --diff     show a preview, field by field, of all that changes", 40)).toBe(
    "  --diff     show a preview, field by\n             field, of all that changes",
  );
  expect(terminal.fold("short\n\n  line", 40)).toBe("short\n\n  line");
  expect(terminal.fold("x".repeat(50), 40)).toBe("x".repeat(50));
});
