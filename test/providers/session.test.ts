import { realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ensureRunning, reserveAddress, stop } from "../../embedded/index.ts";
import { Access } from "../../providers/access.ts";
import { examineWhole } from "../../providers/airbyte/kind.ts";
import { descriptions } from "../../providers/airbyte/kinds/descriptions.ts";
import { tagLife, type TagInputs } from "../../providers/airbyte/kinds/tag/life.ts";
import type { Context } from "../../providers/airbyte/lifecycle/handler.ts";
import { ObjectHandler } from "../../providers/airbyte/lifecycle/object.ts";
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

test("what another stack of this machine has already, in this project or another one, is warned of when it is taken over", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
  const here = process.cwd();
  onTestFinished(() => {
    process.chdir(here);
    vi.unstubAllEnvs();
  });
  const { url, clientId, clientSecret, workspaceId } = await start();
  const declared = { airbyteUrl: url, workspaceId, name: "nightly", color: "abcdef", adopt: true };
  const [mine, theirs] = [realpathSync(temporaryFolder()), realpathSync(temporaryFolder())];
  const handler = new ObjectHandler(descriptions.tag, tagLife);
  const run = async <T>(project: string, stack: string, work: (context: Context, inputs: TagInputs) => Promise<T>) => {
    process.chdir(project);
    const settings: Record<string, string> = { target: "existing", clientId, clientSecret };
    const session = new Session(new Access({ get: (key) => settings[key] }));
    const inputs = { ...declared, declaredAs: `${stack}/nightly` };
    return work(await session.context(inputs), inputs);
  };
  const warnings = (project: string, stack: string) =>
    run(project, stack, async (context, inputs) => (await examineWhole(handler, inputs, context)).warnings);
  const made = await run(theirs, "prod", async (context, inputs) => {
    return (await handler.create({ ...inputs, adopt: false }, context)).id;
  });
  const undone = "each would undo what the other declares, and a destroy of one deletes it for both";
  expect(await warnings(mine, "dev")).toEqual([
    `the stack "prod" of the project in ${theirs} has ${made} too: ${undone}. Declare it in one of them alone`,
  ]);
  rmSync(join(process.env.XDG_CACHE_HOME!, "airbyte-on-pulumi", "stacks"), { recursive: true });
  expect(await warnings(mine, "dev")).toEqual([]);
  expect(await warnings(theirs, "dev")).toEqual([expect.stringMatching(/^the stack "prod" of this project has /)]);
  await run(theirs, "prod", (context) => context.intents.deleted(made));
  expect(await warnings(theirs, "dev")).toEqual([]);
});
