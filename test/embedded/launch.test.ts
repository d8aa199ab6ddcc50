import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { ensureRunning, probe, remove, reserveAddress, stop } from "../../embedded/index.ts";
import { NONCE_HEADER, PROOF_HEADER, Prover } from "../../embedded/probe.ts";
import { write } from "../scripts/modules.ts";
import { send, temporaryFolder } from "./start.ts";
import { alive, dataFolder, writeCredentials } from "./data-folders.ts";
import { freePort } from "../doubles/free-port.ts";

// A register of its own, so that the tests neither see nor fill the user's.
beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("an address is chosen once and kept, until another port is preferred", async () => {
  const dataDir = join(temporaryFolder(), "airbyte");
  const first = reserveAddress(dataDir);
  expect(first.port).toBeGreaterThanOrEqual(8000);
  expect(first.port).toBeLessThan(8100);
  expect(first.url).toBe(`http://127.0.0.1:${first.port}`);
  expect(reserveAddress(dataDir)).toEqual(first);
  const port = await freePort();
  expect(reserveAddress(dataDir, port).port).toBe(port);
  expect(reserveAddress(dataDir).port).toBe(port);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dataDir)).toEqual(["address.json"]);
  expect(statSync(join(dataDir, "address.json")).mode & 0o777).toBe(0o600);
});

test("two stacks do not choose the same port while neither runs, and a removed one gives its port back", async () => {
  const folder = temporaryFolder();
  const one = reserveAddress(join(folder, "one"));
  const two = reserveAddress(join(folder, "two"));
  expect(two.port).not.toBe(one.port);
  await remove(join(folder, "one"));
  expect(reserveAddress(join(folder, "three")).port).toBe(one.port);
});

test("a server is started once, however many ask at once, and found again", async () => {
  const dataDir = await dataFolder();
  const script = `import { ensureRunning } from ${JSON.stringify(new URL("../../embedded/index.ts", import.meta.url).href)};
    console.log(JSON.stringify(await ensureRunning(process.argv[1])));`;
  const inAnotherProcess = () =>
    new Promise<unknown>((resolve, reject) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script, dataDir]);
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("error", reject);
      // The parent ends by itself, though the server goes on.
      child.on("exit", () => {
        resolve(JSON.parse(output));
      });
    });
  const [one, two, here] = await Promise.all([inAnotherProcess(), inAnotherProcess(), ensureRunning(dataDir)]);
  expect(one).toEqual(here);
  expect(two).toEqual(here);
  expect(alive(here.pid)).toBe(true);
  expect(await ensureRunning(dataDir)).toEqual(here);
  for (const file of readdirSync(dataDir))
    expect([file, statSync(join(dataDir, file)).mode & 0o777]).toEqual([file, 0o600]);
  expect((await send("GET", `${here.url}/api/public/v1/health`, null)).body).toBe("Successful operation");
});

test("a stopped server comes back with its data; a removed one leaves nothing", async () => {
  const dataDir = await dataFolder();
  const first = await ensureRunning(dataDir);
  await stop(dataDir);
  await expect.poll(() => alive(first.pid)).toBe(false);
  await stop(dataDir);
  const second = await ensureRunning(dataDir);
  expect(second).toEqual({ ...first, pid: second.pid });
  await remove(dataDir);
  await expect.poll(() => alive(second.pid)).toBe(false);
  expect(existsSync(dataDir)).toBe(false);
  await remove(dataDir);
});

test("no server turns up after all of those who asked for it have stopped it", async () => {
  const dataDir = await dataFolder();
  const { port } = reserveAddress(dataDir);
  await Promise.all([ensureRunning(dataDir), ensureRunning(dataDir), ensureRunning(dataDir)]);
  await stop(dataDir);
  // Longer than a server needs to start.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test("options are kept for later starts, and other ones restart the server", async () => {
  const dataDir = await dataFolder();
  const options = async ({ url }: { url: string }) => {
    const about = await probe(Number(new URL(url).port), dataDir, 5_000);
    return typeof about === "string" ? about : about.options;
  };
  const given = {
    tokenTtlSeconds: 61,
    faults: true,
    auth: "none",
    basicAuth: true,
    publicApi: false,
    fixedApplication: true,
    connectors: "auto",
  } as const;
  const unsaid = { persist: true, parallelJobs: 2, retries: { attempts: 5, backoffMs: 1_000 } };
  const first = await ensureRunning(dataDir, given);
  expect(await options(first)).toEqual({ ...given, ...unsaid });
  expect((await ensureRunning(dataDir)).pid).toBe(first.pid);
  const second = await ensureRunning(dataDir, { faults: false });
  expect(second.pid).not.toBe(first.pid);
  expect(await options(second)).toEqual({ ...given, ...unsaid, faults: false });
});

test("the command line takes the options of a server, and names the choices of one that it doesn't know", async () => {
  const main = new URL("../../embedded/main.ts", import.meta.url).pathname;
  const flags = [
    "--auth",
    "none",
    "--basic-auth",
    "--no-public-api",
    "--no-persist",
    "--faults",
    "--fixed-application",
    "--connectors",
    "real",
  ];
  const dataDir = await dataFolder();
  const child = spawn(process.execPath, [main, "--data", dataDir, "--token-ttl-seconds", "9", ...flags]);
  onTestFinished(() => void child.kill());
  const line = await new Promise<Buffer>((resolve) => child.stdout.once("data", resolve));
  const url = /http:\S+/.exec(line.toString())?.[0] ?? "";
  expect(await probe(Number(new URL(url).port), dataDir, 5_000)).toMatchObject({
    options: {
      tokenTtlSeconds: 9,
      faults: true,
      persist: false,
      auth: "none",
      basicAuth: true,
      publicApi: false,
      fixedApplication: true,
      connectors: "real",
    },
  });
  const refusal = (...flags: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [main, "--data", temporaryFolder(), ...flags], {
      encoding: "utf8",
    });
    return [status, stderr.trim()];
  };
  expect(refusal("--auth", "oidc")).toEqual([1, "--auth is simple or none, not oidc"]);
  expect(refusal("--connectors", "some")).toEqual([1, "--connectors is one of auto, real, simulated, not some"]);
});

test("a port that another program has is one clear error", async () => {
  const dataDir = await dataFolder();
  const { port } = reserveAddress(dataDir);
  const stranger = createServer((_request, response) => response.end("hello"));
  await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void stranger.close());
  await expect(ensureRunning(dataDir)).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is used by another program, so the embedded Airbyte cannot start there. ` +
      `Stop it, or choose another port: npm run pulumi -- config set --path embedded.port ${port + 1}`,
  );
  const main = new URL("../../embedded/main.ts", import.meta.url).pathname;
  const run = spawnSync(process.execPath, [main, "--data", dataDir], { encoding: "utf8" });
  expect(run.status).toBe(1);
  expect(run.stderr.trim().split("\n")).toEqual([expect.stringContaining(`Port ${port} on 127.0.0.1 is used`)]);
});

test("the server of another data folder on the port is neither taken nor stopped", async () => {
  const one = await dataFolder();
  const { pid } = await ensureRunning(one);
  const other = join(temporaryFolder(), "other");
  reserveAddress(other, reserveAddress(one).port);
  await expect(ensureRunning(other)).rejects.toThrow("is used by another program");
  await remove(other);
  expect(alive(pid)).toBe(true);
});

/** A program that says on a port that it is a server of the folder, of a version before this one. */
async function claiming(port: number, about: object, main: string, ...args: string[]) {
  const claim = { name: "Embedded Airbyte", version: "0.0.1", instanceId: "an-instance", options: {}, ...about };
  const script = `
    const heard = [];
    require("node:http").createServer((request, response) => {
      if (request.url === "/heard") return response.end(JSON.stringify(heard));
      heard.push([request.url, request.headers]);
      response.end(JSON.stringify({ pid: process.pid, ...${JSON.stringify(claim)} }));
    }).listen(${port}, "127.0.0.1", () => console.log("up"));`;
  write(main, script);
  const program = spawn(process.execPath, [main, ...args]);
  onTestFinished(() => void program.kill());
  await new Promise((resolve) => program.stdout.once("data", resolve));
  return program;
}

test("a server of a version that proved nothing is restarted, since its process is ours", async () => {
  const dataDir = await dataFolder();
  const { port } = reserveAddress(dataDir);
  writeCredentials(dataDir);
  const old = await claiming(port, {}, join(temporaryFolder(), "embedded/main.ts"), "--data", dataDir);
  const { pid } = await ensureRunning(dataDir);
  expect(pid).not.toBe(old.pid);
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(await probe(port, dataDir, 5_000)).toMatchObject({ version, pid });
});

test.each([
  ["its own process", () => undefined],
  ["another process of the user", (victim: number) => victim],
  ["all processes of the user", () => -1],
  ["the first process", () => 1],
])(
  "one who only says that he is the server, and names %s, gets no credentials, and nobody is ended",
  async (_, named) => {
    const dataDir = await dataFolder();
    const { port } = reserveAddress(dataDir);
    await ensureRunning(dataDir); // so that there is a key
    const { instanceId } = JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8")) as {
      instanceId: string;
    };
    await stop(dataDir);
    const victim = spawn("sleep", ["60"]);
    onTestFinished(() => void victim.kill());
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const pid = named(victim.pid!);
    const liar = await claiming(port, { version, instanceId, ...(pid && { pid }) }, join(temporaryFolder(), "liar.js"));
    await expect(ensureRunning(dataDir)).rejects.toThrow("is used by another program");
    await stop(dataDir);
    const heard = (await (await fetch(`http://127.0.0.1:${port}/heard`)).json()) as [string, object][];
    expect(heard.length).toBeGreaterThan(0);
    for (const [url, headers] of heard) {
      expect(url).toBe("/");
      expect(Object.keys(headers).sort()).toEqual(["connection", "host", NONCE_HEADER, PROOF_HEADER].sort());
    }
    expect([alive(victim.pid!), alive(liar.pid!)]).toEqual([true, true]);
  },
);

test("an answer of the server that was overheard proves nothing to the next who asks, nor does a changed one", async () => {
  const dataDir = await dataFolder();
  const { url, pid } = await ensureRunning(dataDir);
  const prover = Prover.of(dataDir, Number(new URL(url).port))!;
  const nonce = Prover.nonce();
  const headers = { [NONCE_HEADER]: nonce, [PROOF_HEADER]: prover.question(nonce) };
  const answer = await fetch(url, { headers });
  const [body, proof] = [await answer.text(), answer.headers.get(PROOF_HEADER)];
  expect(prover.isAnswer(nonce, body, proof)).toBe(true);
  expect(prover.isAnswer(Prover.nonce(), body, proof)).toBe(false);
  expect(prover.isAnswer(nonce, body.replace(String(pid), "4711"), proof)).toBe(false);
  // Nor does the question of one who has asked open anything with another nonce.
  const replayed = await fetch(url, { headers: { ...headers, [NONCE_HEADER]: Prover.nonce() } });
  expect(await replayed.json()).toEqual({ name: "Embedded Airbyte" });
  // Nor, later, one that was asked of somebody else while the server was down.
  const old = `${Date.now() - 61_000}.x`;
  const kept = await fetch(url, { headers: { [NONCE_HEADER]: old, [PROOF_HEADER]: prover.question(old) } });
  expect(await kept.json()).toEqual({ name: "Embedded Airbyte" });
});

test("one who asks before the folder's first server has written its key is known to it all the same", async () => {
  const dataDir = temporaryFolder();
  const key = "k".repeat(32);
  const body = JSON.stringify({ instanceId: "an-instance", pid: 4711 });
  const starting = createServer(({ headers }, response) => {
    writeFileSync(join(dataDir, "signing-key.json"), JSON.stringify({ key }));
    const { [NONCE_HEADER]: nonce, [PROOF_HEADER]: proof } = headers as Record<string, string>;
    const prover = new Prover(key, (starting.address() as AddressInfo).port);
    if (prover.isQuestion(nonce, proof)) response.setHeader(PROOF_HEADER, prover.answer(nonce, body)).end(body);
    else response.end("{}");
  });
  onTestFinished(() => void starting.close());
  await new Promise<void>((resolve) => starting.listen(0, "127.0.0.1", resolve));
  expect(await probe((starting.address() as AddressInfo).port, dataDir, 5_000)).toEqual(JSON.parse(body));
});

test("one who hands the question on to the folder's server at another port is not believed", async () => {
  const dataDir = await dataFolder();
  const running = await ensureRunning(dataDir);
  onTestFinished(() => void process.kill(running.pid));
  const relay = createServer((request, response) => {
    const { [NONCE_HEADER]: nonce, [PROOF_HEADER]: proof } = request.headers as Record<string, string>;
    void fetch(running.url, { headers: { [NONCE_HEADER]: nonce!, [PROOF_HEADER]: proof! } }).then(async (answer) => {
      response.setHeader(PROOF_HEADER, answer.headers.get(PROOF_HEADER) ?? "").end(await answer.text());
    });
  });
  onTestFinished(() => void relay.close());
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  reserveAddress(dataDir, (relay.address() as AddressInfo).port);
  await expect(ensureRunning(dataDir)).rejects.toThrow("is used by another program");
});

test.each([
  ["goes on for ever", "HTTP/1.1 200 OK\r\n\r\n", "silent"],
  ["has headers without end", "HTTP/1.1 200 OK\r\n", "silent"],
  ["is another protocol", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n", "stranger"],
])(
  "an answer that %s keeps nobody waiting",
  async (_, answer, expected) => {
    const endless = createNetServer((socket) => {
      socket.on("error", () => undefined).write(answer);
      const timer = setInterval(() => socket.write("x: y\r\n"), 50);
      socket.once("close", () => {
        clearInterval(timer);
      });
    });
    onTestFinished(() => void endless.close());
    await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
    expect(await probe((endless.address() as AddressInfo).port, temporaryFolder(), 300)).toBe(expected);
  },
  3_000,
);

test("the server gets nothing of its parent's environment that could be secret", async () => {
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "hidden");
  const { pid } = await ensureRunning(await dataFolder());
  if (process.platform === "linux") expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain("hidden");
});

test("SIGTERM ends the server with 0, its data saved", async () => {
  const dataDir = await dataFolder();
  const main = new URL("../../embedded/main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [main, "--data", dataDir]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(existsSync(join(dataDir, "data.json"))).toBe(true);
});
