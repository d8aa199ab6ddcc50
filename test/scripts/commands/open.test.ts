import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ensureRunning, reserveAddress, stop } from "../../../embedded/index.ts";
import { freePort } from "../../doubles/free-port.ts";
import { exchange } from "../../embedded/api/page/session.ts";
import { fakeProgram, openCommand, temporaryFolder, write } from "../modules.ts";

/** A project whose stack "dev" has an embedded Airbyte, and a browser that notes what it is given. */
async function sample() {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  const folder = join(dir, ".airbyte/dev/embedded");
  reserveAddress(folder, await freePort());
  onTestFinished(() => stop(folder));
  const server = await ensureRunning(folder);
  const bin = temporaryFolder();
  const given = join(bin, "given");
  fakeProgram(bin, "xdg-open", `echo "$@" > "${given}.part"; mv "${given}.part" "${given}"`);
  const said = vi.spyOn(console, "log").mockReturnValue();
  onTestFinished(() => said.mockRestore());
  const path = [bin, process.env.PATH].join(delimiter);
  const open = async (env: Record<string, string>, ...args: string[]) => {
    said.mockClear();
    expect(await openCommand.open(dir, args, { PATH: path, ...env })).toBe(0);
    return said.mock.calls.flat() as [string, string];
  };
  return { server, folder, given, open };
}

test("npm run open prints a link that works, and shows it to no other program in its arguments", async () => {
  const { server, folder, given, open } = await sample();
  const [link, words] = await open({ DISPLAY: ":0" });
  expect(link).toMatch(new RegExp(`^${server.url}/#open=[\\w-]{43}$`));
  expect(words).toBe("Your browser opens it now. It is good once, for 5 minutes.");
  await vi.waitUntil(() => existsSync(given));
  const file = join(folder, "open.html");
  expect(readFileSync(given, "utf8").trim()).toBe(file);
  expect(readFileSync(file, "utf8")).toContain(`url=${link}"`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await exchange(server, link)).status).toBe(200);

  // A browser is a courtesy: without one, or with one that can't be started, the link is enough.
  for (const env of [{}, { DISPLAY: ":0", CI: "1" }, { DISPLAY: ":0", PATH: "/nothing" }]) {
    expect((await open(env))[1]).toBe("Open it in a browser. It is good once, for 5 minutes.");
  }
  expect((await open({ DISPLAY: ":0" }, "--no-browser"))[1]).toMatch(/^Open it in a browser/);
});

test("a stack without an embedded Airbyte, and a wrong option, are one sentence each", async () => {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  await expect(openCommand.open(dir, ["--stack", "prod"], {})).rejects.toThrow(
    'The stack "prod" has no embedded Airbyte on this machine.\n  Next step: npm start -- --stack prod, which makes one where',
  );
  await expect(openCommand.open(dir, ["users"], {})).rejects.toThrow(
    "npm run open takes no argument; found users. npm run open -- --help tells more.",
  );
});
