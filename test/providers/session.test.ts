import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ensureRunning, reserveAddress, stop } from "../../embedded/index.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { freePort } from "../doubles/free-port.ts";
import { start, temporaryFolder } from "../embedded/start.ts";

const inputs = (airbyteUrl: string) => ({ airbyteUrl, declaredAs: "dev/users" });
const sessionOf = (settings: Record<string, string>) => {
  const all: Record<string, string> = { stateDir: temporaryFolder(), ...settings };
  return new Session(new Access({ get: (key) => all[key] }));
};

test("a program of one's own says no target: its Airbyte is the one that it names, by credentials under airbyte: or its own name", async () => {
  const { url, clientId, clientSecret, workspaceId } = await start();
  for (const prefix of ["airbyte:", ""]) {
    const session = sessionOf({ [`${prefix}clientId`]: clientId, [`${prefix}clientSecret`]: clientSecret });
    const { api } = await session.airbyte(inputs(url));
    expect((await api.listWorkspaces()).map((workspace) => workspace.workspaceId)).toEqual([workspaceId]);
  }
});

test("the older API of today's server lists workspaces by the user of the installation, a call of old ones is not there", async () => {
  const { url, clientId, clientSecret, workspaceId } = await start({ faults: true });
  const session = sessionOf({ target: "existing", api: "config", clientId, clientSecret });
  const { api } = await session.airbyte(inputs(url));
  expect(await api.listWorkspaces()).toMatchObject([{ workspaceId }]);
  const second = await api.objects.workspaces.create({ name: "Second" });
  expect((await api.objects.workspaces.list({})).map(({ id }) => id)).toEqual([workspaceId, second.id]);
});

test("without credentials it is told how to set them, and nothing counts as gone", async () => {
  const session = sessionOf({});
  const here = inputs("http://127.0.0.1:8000");
  await expect(session.airbyte(here)).rejects.toThrow(
    "doesn't say how to sign in at http://127.0.0.1:8000.\n  Next step: pulumi config set airbyte:clientId ID",
  );
  expect(session.isDataGone(here)).toBe(false);
  expect(sessionOf({ target: "embedded" }).isDataGone(here)).toBe(true);
});

test("one who takes the port of the embedded Airbyte while a run goes on isn't sent the application's secret", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const stateDir = temporaryFolder();
  const dataDir = join(stateDir, "embedded");
  const { port, url } = reserveAddress(dataDir, await freePort());
  onTestFinished(() => stop(dataDir));
  const { pid } = await ensureRunning(dataDir, { tokenTtlSeconds: 1 });
  const { api } = await sessionOf({ target: "embedded", stateDir }).airbyte(inputs(url));
  expect(await api.listWorkspaces()).toHaveLength(1);
  process.kill(pid, "SIGKILL");
  const heard: string[] = [];
  const taker = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end("{}");
  });
  onTestFinished(() => void taker.close());
  await expect
    .poll(() => new Promise((resolve) => taker.once("error", resolve).listen(port, "127.0.0.1", () => resolve("up"))))
    .toBe("up");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await expect(api.objects.workspaces.list({})).rejects.toThrow("is used by another program");
  expect(new Set(heard)).toEqual(new Set(["GET /"]));
});
