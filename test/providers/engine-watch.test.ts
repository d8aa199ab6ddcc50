import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../embedded/start.ts";

const WATCH = fileURLToPath(new URL("../../providers/engine-watch.cjs", import.meta.url));

/** As Pulumi's dynamic provider: every uncaught error is printed, and it never ends by itself. */
const IDLE = `process.on("uncaughtException", (error) => console.error(error.stack)); setInterval(() => undefined, 1000);`;

async function engine(): Promise<{ server: Server; address: string }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A process that Pulumi starts, at the place of its dynamic provider, as the commands have it started. */
function start(address: string, program: string, place = "cmd/dynamic-provider/index.js"): ChildProcess {
  const file = join(temporaryFolder(), "a folder with blanks", place);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, program);
  const env = { ...process.env, NODE_OPTIONS: `--require "${WATCH}"` };
  const provider = spawn(process.execPath, [file, address], { env });
  onTestFinished(() => void provider.kill("SIGKILL"));
  return provider;
}

test("a provider whose engine is gone ends, although it still has lines to show and nobody reads them", async () => {
  const { server, address } = await engine();
  const connected = once(server, "connection") as Promise<[Socket]>;
  const provider = start(address, `${IDLE} setInterval(() => console.log("a line"), 5);`);
  const ended = once(provider, "exit");
  await once(provider.stdout!, "data");
  const [connection] = await connected;

  // A killed engine takes all of these with it.
  provider.stdout!.destroy();
  provider.stderr!.destroy();
  server.close();
  setTimeout(() => void connection.destroy(), 100);
  expect(await ended).toEqual([0, null]);
});

test("a provider whose engine was killed before it had called anything ends by itself", async () => {
  const { server, address } = await engine();
  server.close();
  await once(server, "close");
  expect(await once(start(address, IDLE), "exit")).toEqual([0, null]);
});

test("what is under way is finished first", async () => {
  const { server, address } = await engine();
  server.close();
  await once(server, "close");
  // the second is loaded as if from the package that the program uses
  const finish = `new Promise((resolve) => setTimeout(() => resolve(console.log("noted")), 500))`;
  const provider = start(address, `${IDLE} require(${JSON.stringify(WATCH)}).finishWith(() => ${finish});`);
  const ended = once(provider, "exit");
  const [line] = (await once(provider.stdout!, "data")) as [Buffer];
  expect(String(line)).toBe("noted\n");
  expect(await ended).toEqual([0, null]);
});

test("a living engine that closes the connection is no reason to end", async () => {
  const { server, address } = await engine();
  server.on("connection", (socket: Socket) => socket.destroy());
  const provider = start(address, IDLE);
  await sleep(1500);
  expect(provider.exitCode).toBeNull();
  server.close();
  expect(await once(provider, "exit")).toEqual([0, null]);
});

test("any other program ends when it has nothing more to do, and is not ended either", () => {
  const env = { ...process.env, NODE_OPTIONS: `--require "${WATCH}"` };
  const program = `setTimeout(() => console.log(process.stdout.listenerCount("error"), "done"), 300)`;
  const { status, stdout } = spawnSync(process.execPath, ["-e", program, "--", "127.0.0.1:1"], {
    env,
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([0, "0 done\n"]);
});
