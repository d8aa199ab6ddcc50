import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { ConnectorFailure, ConnectorMessage } from "../../../embedded/connectors/connector.ts";
import { LineSplitter } from "../../../embedded/connectors/programs.ts";
import { catalog, fakeSource, isAlive } from "./fake-program.ts";

async function all(messages: AsyncIterable<ConnectorMessage>): Promise<ConnectorMessage[]> {
  const found: ConnectorMessage[] = [];
  for await (const message of messages) found.push(message);
  return found;
}

const password = "s3cret-of-the-source";

describe("what a program is given", () => {
  test("is in files that only the owner can read, in a private folder, and nowhere else", async () => {
    const { read, folder } = fakeSource(`
      const mode = (path) => (statSync(path).mode & 0o777).toString(8);
      const seen = { config: given("config"), catalog: given("catalog"), state: given("state") };
      const elsewhere = process.argv.join() + JSON.stringify(process.env);
      say({ type: "RECORD", record: { stream: "users", emitted_at: 1, data: {
        ...seen, modes: [mode(file("config")), mode(dirname(file("config")))], hidden: !elsewhere.includes("${password}"),
      } } });
    `);
    const state = [{ type: "STREAM", stream: { stream_descriptor: { name: "users" }, stream_state: { at: 1 } } }];
    const [message] = await all(read({ password }, catalog, state));
    expect(message).toMatchObject({
      type: "RECORD",
      record: {
        data: {
          config: { password },
          catalog: { streams: [{ stream: { name: "users" }, sync_mode: "full_refresh" }] },
          state,
          modes: ["600", "700"],
          hidden: true,
        },
      },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is no secret of the server, no leave for custom code, and no telemetry", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "hidden");
    vi.stubEnv("AIRBYTE_ENABLE_UNSAFE_CODE", "true");
    const { read } = fakeSource(`
      say({ type: "RECORD", record: { stream: "users", emitted_at: 1, data: process.env } });
    `);
    const [message] = await all(read({}, catalog, null));
    vi.unstubAllEnvs();
    const { data } = (message as Extract<ConnectorMessage, { type: "RECORD" }>).record;
    expect(data).toMatchObject({ AIRBYTE_OFFLINE_MODE: "1", DO_NOT_TRACK: "1", PATH: process.env.PATH });
    expect(Object.keys(data)).not.toContain("PULUMI_CONFIG_PASSPHRASE");
    expect(Object.keys(data)).not.toContain("AIRBYTE_ENABLE_UNSAFE_CODE");
  });
});

describe("what a program says", () => {
  test("comes as messages, with the line as it was written; what is no message is a log line", async () => {
    const record = '{"type": "RECORD", "record": {"stream": "users", "data": {"id": 1}, "emitted_at": 7}}';
    const state = '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"users"}}}}';
    const { read } = fakeSource(`
      process.stdout.write(${JSON.stringify(`${record}\n${state}\n`)});
      process.stdout.write("a library prints this\\n{broken\\n");
      say({ type: "TRACE", trace: { type: "STREAM_STATUS" } });
      process.stdout.write("no newline at the end");
    `);
    expect(await all(read({}, catalog, null))).toEqual([
      { type: "RECORD", record: { stream: "users", data: { id: 1 }, emittedAt: 7 }, line: record },
      { type: "STATE", state: { type: "STREAM", stream: { stream_descriptor: { name: "users" } } }, line: state },
      { type: "LOG", log: { level: "INFO", message: "a library prints this" } },
      { type: "LOG", log: { level: "INFO", message: "{broken" } },
      { type: "LOG", log: { level: "INFO", message: "no newline at the end" } },
    ]);
  });

  test("has its secrets masked, in pieces too", async () => {
    const key = JSON.stringify({
      type: "service_account",
      private_key: "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n",
    });
    const { read } = fakeSource(`
      const { password, key } = given("config");
      const error = { message: "bad " + password, internal_message: password, failure_type: "config_error" };
      say({ type: "LOG", log: { level: "WARN", message: "login with " + password } });
      say({ type: "LOG", log: { level: "INFO", message: "a line: MIIEvQIBADANBgkqhkiG9w0B" } });
      say({ type: "LOG", log: { level: "INFO", message: "all: " + key + JSON.stringify(key) } });
      say({ type: "TRACE", trace: { type: "ERROR", error } });
    `);
    expect(await all(read({ password, key }, catalog, null))).toEqual([
      { type: "LOG", log: { level: "WARN", message: "login with **********" } },
      { type: "LOG", log: { level: "INFO", message: "a line: **********" } },
      { type: "LOG", log: { level: "INFO", message: 'all: **********"**********"' } },
      {
        type: "TRACE",
        error: { message: "bad **********", internalMessage: "**********", failureType: "config_error" },
      },
    ]);
  });

  test("is taken no faster than it is used", async () => {
    const { read, bin } = fakeSource(`
      const line = JSON.stringify({ type: "RECORD", record: { stream: "users", data: { text: "x".repeat(1000) } } }) + "\\n";
      for (let sent = 0; sent < 20_000; sent++) {
        if (sent % 100 === 0) writeFileSync(dirname(process.argv[1]) + "/sent", String(sent));
        if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once("drain", resolve));
      }
    `);
    const rows = read({}, catalog, null)[Symbol.asyncIterator]();
    await rows.next();
    const sent = () => Number(readFileSync(join(bin, "sent"), "utf8"));
    // It stands still as soon as the pipe is full, some hundred rows on.
    let before = -1;
    while (sent() !== before) {
      before = sent();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(sent()).toBeLessThan(5_000);
    let count = 1;
    while (!(await rows.next()).done) count++;
    expect(count).toBe(20_000);
  });

  test("in lines without end is an error, not all of the memory", () => {
    const splitter = new LineSplitter(10);
    expect(splitter.push(Buffer.from("ab\ncd"))).toEqual(["ab"]);
    expect(splitter.push(Buffer.from("ef\n\ng"))).toEqual(["cdef", ""]);
    expect(splitter.rest()).toEqual(["g"]);
    expect(splitter.push(Buffer.from("0123456789"))).toEqual([]);
    expect(() => splitter.push(Buffer.from("x"))).toThrow("The connector wrote a message of more than");
  });
});

describe("a failure", () => {
  const error = (failureType: string) =>
    `say({ type: "TRACE", trace: { type: "ERROR", error: { message: "No such sheet", failure_type: "${failureType}" } } });
     process.exit(1);`;

  test.each(["config_error", "system_error", "transient_error"])("is the connector's own: %s", async (failureType) => {
    const { check, discover, read, folder } = fakeSource(error(failureType));
    expect(await check({})).toEqual({ status: "failed", message: "No such sheet", failureType });
    await expect(discover({})).rejects.toMatchObject({ message: "No such sheet", failureType });
    // Said once, although the program ends with 1.
    expect(await all(read({}, catalog, null))).toEqual([
      { type: "TRACE", error: { message: "No such sheet", failureType } },
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of a check is a result: the configuration is wrong", async () => {
    const { check, log } = fakeSource(`
      say({ type: "LOG", log: { level: "ERROR", message: "401 for ${password}" } });
      say({ type: "CONNECTION_STATUS", connectionStatus: { status: "FAILED", message: "Wrong password ${password}" } });
    `);
    expect(await check({ password })).toEqual({
      status: "failed",
      message: "Wrong password **********",
      failureType: "config_error",
    });
    expect(log).toEqual(["source-fake.mjs: ERROR 401 for **********"]);
  });

  test("without a word is told by its last words on stderr, masked", async () => {
    const { discover, folder } = fakeSource(`console.error("Traceback\\nValueError: ${password}"); process.exit(3);`);
    await expect(discover({ password })).rejects.toMatchObject({
      message: "source-fake.mjs discover ended with 3: ValueError: **********",
      internalMessage: "Traceback\nValueError: **********",
      failureType: "system_error",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is told without the rest of a secret of which they begin in the middle", async () => {
    const key = Array.from({ length: 100 }, (_, number) => `part-${number}`).join(".");
    const { discover } = fakeSource(
      `console.error(given("config").key + "x".repeat(16 * 1024 - 300)); process.exit(3);`,
    );
    const failure = (await discover({ key }).catch((error: unknown) => error)) as ConnectorFailure;
    expect(failure.internalMessage).toMatch(/^(\*{10})?x+$/);
  });

  test("is also an end without a result", async () => {
    const { check, discover } = fakeSource("");
    expect(await check({})).toMatchObject({ status: "failed", failureType: "system_error" });
    await expect(discover({})).rejects.toThrow("source-fake.mjs ended without a catalog");
  });
});

describe("a program that is no longer wanted", () => {
  // Says its own process id and that of a child, and then never ends.
  const endless = `
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    process.on("SIGTERM", () => {});
    say({ type: "RECORD", record: { stream: "users", emitted_at: 1, data: { pids: [process.pid, child.pid] } } });
    setInterval(() => {}, 1000);
  `;

  async function started(signal?: AbortSignal) {
    const source = fakeSource(endless);
    const rows = source.read({ password }, catalog, null, signal)[Symbol.asyncIterator]();
    const first = (await rows.next()).value as { record: { data: { pids: number[] } } };
    const { pids } = first.record.data;
    expect(pids.every(isAlive)).toBe(true);
    expect(readdirSync(source.folder)).toHaveLength(1);
    const gone = () => {
      expect(pids.map(isAlive)).toEqual([false, false]);
      expect(existsSync(source.folder) ? readdirSync(source.folder) : []).toEqual([]);
    };
    return { ...source, rows, gone };
  }

  test("ends with its children when the signal aborts", async () => {
    const controller = new AbortController();
    const { rows, gone } = await started(controller.signal);
    controller.abort(new Error("cancelled"));
    await expect(rows.next()).rejects.toThrow("cancelled");
    gone();
  });

  test("ends with its children when nobody listens any longer", async () => {
    const { rows, gone } = await started();
    await rows.return?.();
    gone();
  });

  test("ends with its children when the server does, and none starts afterwards", async () => {
    const { rows, programs, gone, check } = await started();
    await programs.close();
    gone();
    await expect(rows.next()).rejects.toThrow("The server was stopped");
    expect(await check({})).toMatchObject({ status: "failed", message: "The server was stopped" });
  });

  test("leaves nothing behind even where the server was killed", async () => {
    const { folder } = await started();
    expect(existsSync(folder)).toBe(true);
    const { Programs } = await import("../../../embedded/connectors/programs.ts");
    new Programs(folder, () => Promise.reject(new Error("none")));
    expect(existsSync(folder)).toBe(false);
  });
});
