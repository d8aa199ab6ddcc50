import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { ConnectorFailure, type ConnectorMessage } from "../../../embedded/connectors/connector.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import { patchConnection } from "../../../embedded/platform/connections.ts";
import { FakeDestination, fakeSource, instanceWith, stateOfUsers, user, usersStream } from "./fakes.ts";

// eslint-disable-next-line @typescript-eslint/require-await
async function* says(...messages: (ConnectorMessage | Error)[]): AsyncGenerator<ConnectorMessage> {
  for (const message of messages) {
    if (message instanceof Error) throw message;
    yield message;
  }
}

async function* nothingFor(signal: AbortSignal | undefined): AsyncGenerator<ConnectorMessage> {
  yield user(1);
  await delay(60_000, undefined, { signal });
}

test("records go from the source into the destination, and the next sync goes on from the committed state", async () => {
  const states: (JsonObject[] | null)[] = [];
  const destination = new FakeDestination();
  const source = fakeSource((_configuration, _catalog, state) => {
    states.push(state);
    return says(user(1), user(2), stateOfUsers(2));
  });
  const { jobs, connect, end, store } = instanceWith(source, destination.connector);
  const connection = connect("c");
  const job = await end(jobs.start(connection, "sync").id);
  expect(job).toMatchObject({ status: "succeeded", rows: 2, attempts: [{ status: "succeeded", failure: null }] });
  expect(job.attempts?.[0]?.streams).toMatchObject([{ name: "users", rows: 2, committed: 2 }]);
  expect(destination.lines.map(({ type }) => type)).toEqual(["RECORD", "RECORD", "STATE"]);
  expect(store.states.get("c")).toMatchObject({
    stateType: "stream",
    streamState: [{ streamDescriptor: { name: "users" }, streamState: { id: 2 } }],
  });
  await end(jobs.start(connection, "sync").id);
  const stream = { stream_descriptor: { name: "users" }, stream_state: { id: 2 } };
  expect(states).toEqual([null, [{ type: "STREAM", stream }]]);
  expect(destination.calls).toEqual(["end", "close", "end", "close"]);
});

test("a configuration error is not tried again, and is told in the connector's words without secrets", async () => {
  const source = fakeSource(() => says(new ConnectorFailure("The token s3cret-word is wrong", "config_error")));
  const { jobs, connect, end } = instanceWith(source, new FakeDestination().connector);
  const job = await end(jobs.start(connect("c"), "sync").id);
  expect(job).toMatchObject({ status: "failed", failure: "The token ********** is wrong" });
  expect(job.attempts).toMatchObject([{ failure: { origin: "source", type: "config_error" } }]);
  const log = jobs.logs.of(job.id).lines().join("\n");
  expect(log).toContain("The token ********** is wrong");
  expect(log).not.toContain("s3cret-word");
});

test("other failures are tried again, so many times without progress", async () => {
  const destination = new FakeDestination();
  destination.failure = new ConnectorFailure("Connection refused", "transient_error");
  const { jobs, connect, end } = instanceWith(
    fakeSource(() => says()),
    destination.connector,
  );
  const job = await end(jobs.start(connect("c"), "sync").id);
  expect(job).toMatchObject({ status: "failed", failure: "Connection refused" });
  expect(job.attempts).toHaveLength(3);
  expect(job.attempts?.map(({ failure }) => failure?.origin)).toEqual(["destination", "destination", "destination"]);
});

test("what an attempt got into the destination is kept: the next goes on from there, and the rows add up", async () => {
  const states: (JsonObject[] | null)[] = [];
  const source = fakeSource((_configuration, _catalog, state) => {
    states.push(state);
    const first = [user(1), user(2), stateOfUsers(2), new Error("the line was cut")];
    return state === null ? says(...first) : says(user(3), stateOfUsers(3));
  });
  const destination = new FakeDestination();
  const { jobs, connect, end } = instanceWith(source, destination.connector);
  const job = await end(jobs.start(connect("c"), "sync").id);
  expect(job).toMatchObject({ status: "succeeded", rows: 3, failure: null });
  expect(job.attempts?.map(({ status }) => status)).toEqual(["failed", "succeeded"]);
  expect(destination.calls).toEqual(["keep", "close", "end", "close"]);
  expect(states.map((state) => state?.length ?? 0)).toEqual([0, 1]);
});

test("a TRACE error of the source ends the attempt", async () => {
  const error = { message: "No such sheet", failureType: "config_error" } as const;
  const { jobs, connect, end } = instanceWith(
    fakeSource(() => says(user(1), { type: "TRACE", error })),
    new FakeDestination().connector,
  );
  expect(await end(jobs.start(connect("c"), "sync").id)).toMatchObject({ status: "failed", failure: "No such sheet" });
});

test("so many jobs run at a time; the others are pending until one ends", async () => {
  const source = fakeSource((_configuration, _catalog, _state, signal) => nothingFor(signal));
  const { jobs, connect, status } = instanceWith(source, new FakeDestination().connector, { parallelJobs: 2 });
  const ids = ["a", "b", "c"].map((id) => jobs.start(connect(id), "sync").id);
  await delay(50);
  expect(ids.map(status)).toEqual(["running", "running", "pending"]);
  jobs.cancel(ids[0] ?? 0);
  await delay(50);
  expect(ids.map(status)).toEqual(["cancelled", "running", "running"]);
  await jobs.close();
});

test("a cancelled job commits nothing, closes the destination, and stays as it is", async () => {
  const source = fakeSource((_configuration, _catalog, _state, signal) => nothingFor(signal));
  const destination = new FakeDestination();
  const { jobs, connect, status } = instanceWith(source, destination.connector);
  const { id } = jobs.start(connect("c"), "sync");
  while (destination.lines.length === 0) await delay(2);
  const cancelled = jobs.cancel(id);
  expect(cancelled).toMatchObject({ status: "cancelled", attempts: [{ status: "failed" }] });
  await jobs.close();
  expect(destination.calls).toEqual(["close"]);
  expect(status(id)).toBe("cancelled");
  expect(jobs.find(id).attempts).toMatchObject([{ status: "failed", failure: { message: "The job was cancelled" } }]);
});

test("the next job of a connection waits until the cancelled one has let go of the destination", async () => {
  let released!: () => void;
  const letGo = new Promise<void>((resolve) => (released = resolve));
  const destination = new FakeDestination();
  const { connector } = destination;
  const write = async (...given: Parameters<NonNullable<typeof connector.write>>) => {
    const writer = await connector.write?.(...given);
    return { ...writer!, close: () => letGo };
  };
  const source = fakeSource((_configuration, _catalog, _state, signal) => nothingFor(signal));
  const { jobs, connect, status } = instanceWith(source, { ...connector, write });
  const connection = connect("c");
  const first = jobs.start(connection, "sync");
  while (destination.lines.length === 0) await delay(2);
  jobs.cancel(first.id);
  const second = jobs.start(connection, "sync");
  await delay(30);
  expect(status(second.id)).toBe("pending");
  released();
  await delay(30);
  expect(status(second.id)).toBe("running");
  await jobs.close();
});

test.each(["clear", "reset"] as const)(
  "%s overwrites every table with nothing, and forgets the state",
  async (type) => {
    const destination = new FakeDestination();
    const { jobs, connect, end, store } = instanceWith(
      fakeSource(() => says(user(1), stateOfUsers(1))),
      destination.connector,
    );
    const connection = connect("c");
    await end(jobs.start(connection, "sync").id);
    expect(store.states.get("c")).toBeDefined();
    const job = await end(jobs.start(connection, type).id);
    expect(job).toMatchObject({ status: "succeeded", rows: 0 });
    expect(destination.requests[1]?.tables).toMatchObject([{ name: "users", mode: "overwrite" }]);
    expect(store.states.get("c")).toBeUndefined();
  },
);

test("a stream that is read in another way from now on starts anew; one that is written in another way does not", async () => {
  const { jobs, connect, end, store, instance } = instanceWith(
    fakeSource(() => says(user(1), stateOfUsers(1))),
    new FakeDestination().connector,
  );
  await end(jobs.start(connect("c"), "sync").id);
  await patchConnection(instance, "c", { streams: [{ ...usersStream, syncMode: "incremental_deduped_history" }] });
  expect(store.states.get("c")).toBeDefined();
  await patchConnection(instance, "c", { streams: [{ ...usersStream, syncMode: "full_refresh_append" }] });
  expect(store.states.get("c")).toBeUndefined();
});

test("rows of a real source are counted where the destination is simulated", async () => {
  const simulated = { ...new FakeDestination().connector, write: undefined };
  const { jobs, connect, end, store } = instanceWith(
    fakeSource(() => says(user(1), user(2), stateOfUsers(2))),
    { ...simulated, simulated: true },
  );
  const job = await end(jobs.start(connect("c"), "sync").id);
  expect(job).toMatchObject({ status: "succeeded", rows: 2 });
  expect(store.states.get("c")).toMatchObject({ stateType: "stream" });
});

test("mappers change the records on their way, and remarks are in the log", async () => {
  const mappers = [
    { id: "1", type: "field-renaming", mapperConfiguration: { originalFieldName: "email", newFieldName: "mail" } },
    { id: "2", type: "encryption", mapperConfiguration: { targetField: "mail" } },
  ];
  const destination = new FakeDestination();
  const { jobs, connect, end } = instanceWith(
    fakeSource(() => says(user(1))),
    destination.connector,
  );
  const job = await end(jobs.start(connect("c", { streams: [{ ...usersStream, mappers }] }), "sync").id);
  expect(destination.lines).toMatchObject([{ record: { data: { id: 1 } } }]);
  expect(JSON.stringify(destination.lines)).not.toContain("example.com");
  expect(jobs.logs.of(job.id).lines().join("\n")).toContain(
    "encryption are not supported here: the field mail is left out",
  );
});
