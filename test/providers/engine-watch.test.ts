import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";

const WATCH = new URL("../../providers/engine-watch.ts", import.meta.url).href;

/** As Pulumi's dynamic provider: every uncaught error is printed. And as ours: it has lines to show. */
const PROVIDER = `
  process.on("uncaughtException", (error) => console.error(error.stack));
  const { endWithEngine } = await import(${JSON.stringify(WATCH)});
  endWithEngine(process.env.ENGINE);
  setInterval(() => console.log("a line"), 5);
`;

test("a provider whose engine is gone ends, although it still has lines to show and nobody reads them", async () => {
  const engine = createServer().listen(0, "127.0.0.1");
  await once(engine, "listening");
  const env = { ...process.env, ENGINE: `127.0.0.1:${(engine.address() as AddressInfo).port}` };
  const provider = spawn(process.execPath, ["--input-type=module", "--eval", PROVIDER], { env });
  onTestFinished(() => void provider.kill("SIGKILL"));
  const ended = once(provider, "exit");
  const connected = once(engine, "connection") as Promise<[Socket]>;
  await once(provider.stdout, "data");
  const [connection] = await connected;

  // A killed engine takes all of these with it.
  provider.stdout.destroy();
  provider.stderr.destroy();
  engine.close();
  setTimeout(() => void connection.destroy(), 100);
  expect(await ended).toEqual([0, null]);
});
