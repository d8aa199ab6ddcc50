import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { projectDir, temporaryFolder, write } from "../modules.ts";

test("an interrupted set-up waits until its child has tidied up, begins nothing new, and leaves no lock", async () => {
  const dir = temporaryFolder();
  const script = write(
    join(dir, "setup.mjs"),
    `import { quietly } from "${projectDir}scripts/setup/process.mjs";
import { withLock } from "${projectDir}scripts/setup/folders.mjs";
await withLock("lock", async () => {
  await quietly("sh", ["-c", "trap 'sleep 0.3; touch tidied; exit 1' INT; touch begun; while :; do sleep 0.1; done"]);
  await quietly("touch", ["next"]);
});
`,
  );
  const setup = spawn(process.execPath, [script], { cwd: dir, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  setup.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  while (!existsSync(join(dir, "begun"))) await sleep(20);
  setup.kill("SIGINT");
  const [code] = (await once(setup, "close")) as [number];

  expect(code).toBe(130);
  expect(said).toContain("Run the same command again to go on with the set-up.");
  expect(["tidied", "next", "lock"].filter((name) => existsSync(join(dir, name)))).toEqual(["tidied"]);
});
