import { WAIT } from "../airbyte/api/waits.ts";
import type { Client } from "../airbyte/api/client.ts";
import { AirbyteError } from "../airbyte/api/errors.ts";
import { changedKeys } from "../airbyte/lifecycle/canonical.ts";
import type { CommonInputs } from "../airbyte/lifecycle/handler.ts";
import type { Session } from "../airbyte/session.ts";
import type { Props, ResourceHandler } from "../resource-handler.ts";
import { waitUntil } from "./waiting.ts";

/** What a program declares of the wait for an Airbyte. */
export interface ReadinessInputs extends CommonInputs {
  /** Whatever makes the Airbyte start anew: ids of its containers, versions of its credentials. */
  startedBy: string[];
  /** Minutes to wait at most. */
  minutes: number;
  /** How to look for oneself when it doesn't come up: a command. */
  lookBy: string;
  /** What somebody else has to do first, such as a record of a name. Shown while waiting. */
  needs?: string;
}

/** An Airbyte that answers: it is healthy and takes our credentials. Creating and updating wait for it; there is nothing to delete. */
export const readinessHandler: ResourceHandler = {
  check(olds, news, session) {
    if (Object.keys(olds).length === 0) session.expect(news.airbyteUrl);
    return { mistakes: [] };
  },
  diff(_id, olds, news, session) {
    const changes = changedKeys(olds, news, ["minutes", "lookBy", "needs"]).length > 0;
    if (changes) session.expect(news.airbyteUrl);
    return { changes, replaces: [] };
  },
  async create(inputs, session) {
    await untilReady(typed(inputs), session);
    return { id: typed(inputs).declaredAs, outs: inputs };
  },
  read: (_id, state) => Promise.resolve({ inputs: state, outs: state }),
  async update(_id, _olds, news, session) {
    await untilReady(typed(news), session);
    return news;
  },
  delete: () => Promise.resolve(),
};

async function untilReady(inputs: ReadinessInputs, session: Session): Promise<void> {
  const client = await session.client(inputs);
  try {
    await waitUntil({
      what: `Airbyte at ${inputs.airbyteUrl}`,
      timeoutMs: inputs.minutes * 60_000,
      look: async () => {
        const why = await whyNotReady(client);
        return why === undefined || inputs.needs === undefined ? why : `${why}; it needs ${inputs.needs}`;
      },
      nextStep: `look with: ${inputs.lookBy}`,
      say: (line) => session.progress(line),
    });
  } finally {
    await client.close();
  }
}

/** Health needs no token, but the client fetches one for every call: so one call shows both. */
async function whyNotReady(client: Client): Promise<string | undefined> {
  try {
    await client.call({
      method: "GET",
      path: "/health",
      doing: "see whether Airbyte is ready",
      timeoutMs: WAIT.call.probeMs,
    });
    return undefined;
  } catch (error) {
    // A certificate that isn't the stack's own is somebody else's server: waiting won't mend that.
    if (!(error instanceof AirbyteError) || error.code === "tls") throw error;
    return error.status === undefined ? error.serverMessage : `it answers ${error.status}: ${error.serverMessage}`;
  }
}

function typed(props: Props): ReadinessInputs {
  return props as unknown as ReadinessInputs;
}
