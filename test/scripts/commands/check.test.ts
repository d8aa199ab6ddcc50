import { expect, test } from "vitest";
import { allCommands, perform } from "../../../scripts/commands/dispatch.ts";
import { check, projectDir } from "../modules.ts";

const audit = (report: object) =>
  check.readAudit({ stdout: JSON.stringify(report), output: "npm error no route\nmore" });
const counted = (total: number, vulnerabilities: object) =>
  audit({ metadata: { vulnerabilities: { total } }, vulnerabilities });

test("a high finding in a package fails the checks, by name; a low one doesn't", () => {
  const low = { tar: { name: "tar", severity: "low" } };
  expect(counted(1, low)).toEqual({ failures: 0, words: "ok (1 findings, none of them high)" });
  const high = { ...low, undici: { name: "undici", severity: "high" }, ws: { name: "ws", severity: "critical" } };
  expect(counted(3, high)).toEqual({ failures: 1, words: "FAILED: undici (high), ws (critical)" });
});

test("a registry that answers no audit is told, and is no success", () => {
  expect(audit({ message: "405 Method Not Allowed" }).words).toBe(
    "skipped, the registry has no answer (405 Method Not Allowed)",
  );
  expect(check.readAudit({ stdout: "", output: "npm error no route\nmore" }).words).toContain("(npm error no route)");
});

test("a file that isn't there is one sentence, and nothing is checked then", async () => {
  const given = ["scripts/run.mjs", "scripts/rnu.mjs"];
  const command = allCommands.find(({ name }) => name === "check")!;
  await expect(perform(command, { projectDir, given, env: {} })).rejects.toMatchObject({
    message: "There is no file scripts/rnu.mjs.",
    exitCode: 2,
  });
});
