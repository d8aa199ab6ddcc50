import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { ConnectionState } from "../../state.ts";
import { putStateSafely, stateOf } from "../../platform/connection-state.ts";
import { object } from "../requests.ts";
import { id, post, type Route } from "./route.ts";

const write = z.object({
  connectionId: id,
  connectionState: z.object({
    stateType: z.enum(["global", "stream", "legacy", "not_set"]),
    state: object.nullish(),
    streamState: z.array(object).nullish(),
    globalState: object.nullish(),
  }),
});

/** `state/…`: what a client put there. */
export function state(instance: Instance): Route[] {
  return [
    post("/state/get", z.object({ connectionId: id }), ({ connectionId }) => show(stateOf(instance, connectionId))),
    post("/state/create_or_update_safe", write, ({ connectionId, connectionState }) => {
      const { stateType, state = null, streamState = null, globalState = null } = connectionState;
      return show(putStateSafely(instance, { id: connectionId, stateType, state, streamState, globalState }));
    }),
  ];
}

function show({ id: connectionId, stateType, state, streamState, globalState }: ConnectionState) {
  return {
    connectionId,
    stateType,
    ...(state ? { state } : {}),
    ...(streamState ? { streamState } : {}),
    ...(globalState ? { globalState } : {}),
  };
}
