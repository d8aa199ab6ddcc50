import { expect, test } from "vitest";
import { protocolStates, withCommitted, withoutStreams } from "../../../embedded/platform/connections.ts";
import type { ConnectionState } from "../../../embedded/state.ts";
import { usersStream } from "../syncs/fakes.ts";

const none: ConnectionState = { id: "c", stateType: "not_set", state: null, streamState: null, globalState: null };
const orders = { ...usersStream, name: "orders", namespace: "eu" };

function committed(name: string, n: number, namespace?: string) {
  return { type: "STREAM", stream: { stream_descriptor: { name, namespace: namespace ?? null }, stream_state: { n } } };
}

test("each stream keeps its last state, told apart by name and namespace", () => {
  const state = [committed("users", 1), committed("users", 2, "eu"), committed("users", 3)].reduce(withCommitted, none);
  expect(state).toMatchObject({ stateType: "stream" });
  expect(state.streamState).toEqual([
    { streamDescriptor: { name: "users", namespace: "eu" }, streamState: { n: 2 } },
    { streamDescriptor: { name: "users" }, streamState: { n: 3 } },
  ]);
});

test("a source gets the states of its incremental streams, in the protocol's form", () => {
  const state = [committed("users", 1), committed("orders", 2, "eu")].reduce(withCommitted, none);
  const given = (streams: (typeof usersStream)[]) =>
    protocolStates(state, streams)?.map(({ stream }) => stream) ?? null;
  expect(given([usersStream, orders])).toEqual([
    { stream_descriptor: { name: "users" }, stream_state: { n: 1 } },
    { stream_descriptor: { name: "orders", namespace: "eu" }, stream_state: { n: 2 } },
  ]);
  expect(given([{ ...usersStream, syncMode: "full_refresh_append" }, orders])).toHaveLength(1);
  expect(given([{ ...usersStream, syncMode: "full_refresh_overwrite" }])).toBeNull();
  expect(protocolStates(undefined, [usersStream])).toBeNull();
});

test("a global state is kept whole, with its shared part", () => {
  const streams = [{ stream_descriptor: { name: "users" }, stream_state: { n: 1 } }];
  const message = { type: "GLOBAL", global: { shared_state: { lsn: 7 }, stream_states: streams } };
  const state = withCommitted(none, message);
  expect(state.globalState).toEqual({
    sharedState: { lsn: 7 },
    streamStates: [{ streamDescriptor: { name: "users" }, streamState: { n: 1 } }],
  });
  expect(protocolStates(state, [usersStream])).toEqual([message]);
  expect(withoutStreams(state, [usersStream])).toBeNull();
});

test("a state of the oldest form goes there and back", () => {
  const message = { type: "LEGACY", data: { cursor: 1 } };
  expect(protocolStates(withCommitted(none, message), [usersStream])).toEqual([message]);
});

test("what is no state of the protocol changes nothing", () => {
  expect(withCommitted(none, { stream: "users", rows: 5 })).toBe(none);
});

test("without one stream the states of the others stay", () => {
  const state = [committed("users", 1), committed("orders", 2, "eu")].reduce(withCommitted, none);
  expect(withoutStreams(state, [usersStream])?.streamState).toHaveLength(1);
  expect(withoutStreams(state, [usersStream, orders])).toBeNull();
});
