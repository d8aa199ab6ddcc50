import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { pulumiArgs } from "../modules.ts";

describe("arguments for pulumi", () => {
  const parse = (line: string, env = {}) => pulumiArgs.parsePulumiArgs(line.split(" "), env);

  test("go through, and the stack is taken out", () => {
    expect(parse("up --stack prod --diff")).toMatchObject({ stack: "prod", args: ["up", "--diff"], verb: "up" });
    expect(parse("up -s prod")).toMatchObject({ stack: "prod", args: ["up"] });
    expect(parse("up --stack=org/p/prod")).toMatchObject({ stack: "org/p/prod", args: ["up"] });
  });

  test("fall back to PULUMI_STACK, then to the selected stack, then to dev", () => {
    const selected = { AIRBYTE_SELECTED_STACK: "prod" };
    expect(parse("preview", { ...selected, PULUMI_STACK: "test" }).stack).toBe("test");
    expect(parse("preview", selected).stack).toBe("prod");
    expect(parse("preview", { PULUMI_STACK: "test" }).stack).toBe("test");
    expect(parse("preview").stack).toBe("dev");
  });

  test.each([
    "..",
    ".",
    "../..",
    "../../x",
    "a/../..",
    "/etc/passwd",
    "a/",
    "a b",
    "a\nb",
    "",
    "~",
    "$(id)",
    "n".repeat(101),
    "a/b/c/d",
    "passphrase",
  ])("stop a stack of the name %j, which could lead set-up to files elsewhere", (name) => {
    const calls: [string[], Record<string, string>][] = [
      [["up", "--stack", name], {}],
      [["up", `--stack=${name}`], {}],
      [["up"], { PULUMI_STACK: name }],
    ];
    for (const [args, env] of calls) {
      if (name === "" && "PULUMI_STACK" in env) continue; // as for pulumi, that is none
      expect(() => pulumiArgs.parsePulumiArgs(args, env)).toThrow(
        `${JSON.stringify(name)} can't be the name of a stack`,
      );
    }
  });

  test.each(["destroy --stack", "destroy -s", "destroy --stack --yes", "destroy --stack= --yes", "destroy -s -y"])(
    "without the stack's name are refused, as the default stack may not be meant: %s",
    (line) => {
      expect(() => parse(line)).toThrow("can't be the name of a stack");
    },
  );

  test("to import one of this project's resources are refused, in a file too, with what to do instead; others go on", () => {
    const refuse = (...args: string[]) => pulumiArgs.refuseImport({ verb: "import", args: ["import", ...args] });
    const folder = mkdtempSync(join(tmpdir(), "import-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [ours, others] = [join(folder, "ours.json"), join(folder, "others.json")];
    const type = "pulumi-nodejs:dynamic/airbyte:Source";
    writeFileSync(ours, JSON.stringify({ resources: [{ type, name: "users", id: "1" }] }));
    writeFileSync(others, JSON.stringify({ resources: [{ type: "aws:s3/bucket:Bucket", name: "b", id: "b" }] }));
    const sentence = /^Pulumi's dynamic resources can't be imported\.\n {2}Next step: npm run adopt .* `adopt: ID`/;
    for (const args of [[type, "users", "1"], ["--file", ours], [`--file=${ours}`], ["-f", ours, "--yes"]]) {
      expect(() => refuse(...args), args.join(" ")).toThrow(sentence);
    }
    for (const args of [
      ["aws:s3/bucket:Bucket", "b", "b"],
      ["--file", others],
      [type, "--help"],
      ["--file", folder],
    ]) {
      expect(() => refuse(...args), args.join(" ")).not.toThrow();
    }
  });

  test("after -- are values", () => {
    expect(parse("config set key -- --stack")).toMatchObject({
      stack: "dev",
      args: ["config", "set", "key", "--", "--stack"],
      verb: "config",
      noun: "set",
    });
  });
});

describe("--skip-preview", () => {
  const added = (line: string, embedded = true) =>
    pulumiArgs.withoutPreview(line.split(" ")[0] ?? "", line.split(" "), embedded);

  test("is added to an up that goes ahead without a question", () => {
    expect(added("up --yes")).toEqual(["up", "--yes", "--skip-preview"]);
    expect(added("up --yes", false)).toEqual(["up", "--yes"]);
    expect(added("refresh --yes")).toEqual(["refresh", "--yes"]);
  });

  test.each(["--diff", "--preview-only", "--skip-preview=false", "-f", "--json", "--show-sames", "--save-plan=p"])(
    "is left to a user who says %s",
    (option) => {
      expect(added(`up ${option}`)).toEqual(["up", option]);
    },
  );
});

test("outputs are shown where somebody asks for them, or for more than the end", () => {
  const suppressed = (line: string) =>
    pulumiArgs.withoutOutputs(line.split(" ")[0] ?? "", line.split(" ")).includes("--suppress-outputs");
  for (const line of ["up --yes", "preview", "refresh", "destroy --yes"]) expect(suppressed(line)).toBe(true);
  for (const line of ["up --diff", "preview --json", "up --suppress-outputs=false", "import", "config"])
    expect(suppressed(line)).toBe(false);
});

describe("--yes", () => {
  test("is added on the embedded Airbyte; destroy still asks at a terminal", () => {
    expect(pulumiArgs.withYes("up", ["up"], true, true)).toEqual(["up", "--yes"]);
    expect(pulumiArgs.withYes("refresh", ["refresh"], true, false)).toEqual(["refresh", "--yes"]);
    expect(pulumiArgs.withYes("destroy", ["destroy"], true, true)).toEqual(["destroy"]);
    expect(pulumiArgs.withYes("destroy", ["destroy"], true, false)).toEqual(["destroy", "--yes"]);
  });

  test("is the user's to say on every other target", () => {
    expect(pulumiArgs.withYes("up", ["up"], false, true)).toEqual(["up"]);
    expect(pulumiArgs.withYes("up", ["up", "-y"], false, false)).toEqual(["up", "-y"]);
    expect(() => pulumiArgs.withYes("up", ["up"], false, false)).toThrow("add --yes (npm start -- --yes)");
  });

  test("is not for commands that change nothing", () => {
    expect(pulumiArgs.withYes("preview", ["preview"], true, true)).toEqual(["preview"]);
  });
});
