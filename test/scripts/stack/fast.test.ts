import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Intents } from "../../../providers/airbyte/lifecycle/intents.ts";
import { fakeProgram, pulumiCommand, temporaryFolder, write } from "../modules.ts";

const salt = "v1:Jnh1vUOQl34=:v1:5AWb2NPkMpP38jyi:w1VPToMxQEh+veUZ+HXmvLY0L8TjSw==";
const source = { type: "pulumi-nodejs:dynamic/airbyte:Source", id: "id-1" };

/** A fast stack, and a pulumi that notes its calls and ends with this code. */
function sample({ resources = [source], backend = "file://./.pulumi-state", code = 0 } = {}) {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), `name: p\nruntime: nodejs\nbackend:\n  url: ${backend}\n`);
  write(join(dir, "Pulumi.dev.yaml"), "config:\n  p:target: existing\n  p:fast: true\n");
  const state = { checkpoint: { latest: { secrets_providers: { state: { salt } }, resources } } };
  write(join(dir, ".pulumi-state/.pulumi/stacks/p/dev.json"), JSON.stringify(state));
  write(join(dir, ".airbyte/passphrase"), "abc\n");
  const bin = temporaryFolder();
  const log = join(bin, "log");
  const note = `echo "skip=$PULUMI_SKIP_CHECKPOINTS $*" >> "${log}"`;
  // All but the runs themselves succeed.
  fakeProgram(bin, "pulumi", `${note}; case "$1" in up|preview|refresh|destroy) exit $(cat "${bin}/code");; esac`);
  const ends = (with_: number) => {
    writeFileSync(join(bin, "code"), String(with_));
  };
  ends(code);
  const env = { PATH: [bin, process.env.PATH].join(delimiter) };
  const run = (line: string) => pulumiCommand.pulumi(dir, line.split(" "), env);
  const last = (verb: string) =>
    readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .findLast((call) => call.includes(` ${verb}`));
  const intents = () => new Intents(join(dir, ".airbyte/dev/intents.jsonl"));
  return { dir, run, last, ends, intents, unfinished: join(dir, ".airbyte/dev/unfinished-run") };
}

const said = vi.fn<(line: string) => void>();
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(said));
afterEach(() => said.mockReset());
const words = () => said.mock.calls.map(([line]) => line).join("\n");

const intention = (name: string) => ({
  kind: "source",
  declaredAs: `dev/${name}`,
  workspaceId: "w",
  name,
  identity: { definitionId: "d" },
});

describe("a fast stack", () => {
  test.each(["up", "refresh", "destroy"])("writes its state once in %s", async (verb) => {
    const { run, last, unfinished } = sample();
    expect(await run(`${verb} --yes`)).toBe(0);
    expect(last(verb)).toMatch(`skip=true ${verb} --yes`);
    expect(last(verb)).not.toContain("--refresh");
    expect(existsSync(unfinished)).toBe(false);
  });

  test("is an ordinary one where nothing is written", async () => {
    const { run, last } = sample();
    await run("preview");
    expect(last("preview")).toMatch(/^skip= preview/);
    await run("refresh --preview-only");
    expect(last("refresh")).toMatch(/^skip= refresh/);
  });

  test("reads what is there before the next run, when a run was cut off, until one has ended well", async () => {
    const { run, last, ends, unfinished } = sample({ code: 1 });
    await run("up --yes");
    expect(existsSync(unfinished)).toBe(true);
    await run("up --yes");
    expect(last("up")).toMatch(/^skip=true up --yes.* --refresh/);
    expect(words()).toContain("A run was cut off before Pulumi could write the state");
    ends(0);
    await run("preview");
    expect(last("preview")).toContain("--refresh");
    expect(existsSync(unfinished)).toBe(true);
    await run("destroy --yes --refresh");
    expect(last("destroy")?.match(/--refresh/g)).toHaveLength(1);
    expect(existsSync(unfinished)).toBe(false);
    await run("up --yes");
    expect(last("up")).not.toContain("--refresh");
  });

  test("names what a run that was cut off has made and the program no longer declares, once, and goes on knowing it", async () => {
    const { run, intents } = sample();
    await intents().created(await intents().begin(intention("kept"), 0), "id-1");
    await intents().created(await intents().begin(intention("lost"), 0), "id-2");
    await intents().begin(intention("open"), 0);
    await run("up --yes");
    expect(words()).toContain('  source "lost" id-2\n  source "open" (perhaps)');
    expect(words()).not.toContain('"kept"');
    expect(intents().isConfirmed("id-1")).toBe(true);
    await run("up --yes");
    expect(words().match(/"lost" id-2/g)).toHaveLength(1);
    expect(intents().pending("source", "dev/lost")).toEqual([expect.objectContaining({ id: "id-2" })]);
  });

  test("is refused where something else is in it, or the state is elsewhere; nothing runs", async () => {
    const bucket = { type: "aws:s3/bucket:Bucket", id: "b" };
    const other = sample({ resources: [source, bucket] });
    await expect(other.run("up --yes")).rejects.toThrow(/one has a aws:s3\/bucket:Bucket[^]*config set fast false/);
    expect(existsSync(other.unfinished)).toBe(false);
    const shared = sample({ backend: "s3://states" });
    await expect(shared.run("up --yes")).rejects.toThrow(/fast: true needs a state on this machine/);
  });
});
