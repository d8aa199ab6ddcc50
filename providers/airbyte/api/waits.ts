import { requestTimeoutLimits, showDuration } from "../../../settings/values.ts";

/** Every pause and every limit of the provider: how long what may take, in milliseconds where nothing else is said. */
export const WAIT = {
  /** Until a connection is made. */
  connectMs: 10_000,

  /** One call, from its beginning to the end of its answer. */
  call: {
    /** Where the stack's configuration (`requestTimeout`) says nothing. */
    defaultMs: 60_000,
    /** At least so long where Airbyte runs a connector (discovery, connection tests): minutes are normal. */
    runsConnectorMs: 15 * 60_000,
    /** At least so long for a deletion, which takes along what hangs on the object. */
    deletesMs: 5 * 60_000,
    /** For a question that only looks whether somebody answers. */
    probeMs: 10_000,
    /** Airbyte's public list of connectors, which somebody else serves. */
    registryMs: 20_000,
  },

  /** Before a call is sent again. */
  retry: {
    /** Tries in all, the first included. */
    tries: 5,
    /** Tries in all where the server's rate limit turned the call away; from the first one on all calls go slower together. */
    triesAfterRateLimit: 10,
    /** Tries in all where the time was up: each took as long as a call may. */
    triesAfterTimeout: 2,
    /** Pause before the second try; doubled each time. */
    firstPauseMs: 250,
    /** No pause is longer, unless the server asks for it by Retry-After. */
    longestPauseMs: 8_000,
    /** A Retry-After beyond this is not waited for: the call fails and says so. */
    longestRetryAfterMs: 60_000,
  },

  /** Between two calls, once the server's rate limit has turned one away. */
  rateLimit: {
    /** After the first refusal; doubled by each further one. */
    firstIntervalMs: 50,
    longestIntervalMs: 2_000,
    /** What is left of it after each call that was let in; below `noIntervalMs` there is none any more. */
    relief: 0.9,
    noIntervalMs: 5,
  },

  /** A token's life. */
  token: {
    /** Where nobody says: the shortest life seen (Cloud), and Airbyte's documentation promises no more. */
    defaultSeconds: 180,
    /** How long before its end it is renewed, at most; of a short life a fifth. */
    renewSecondsBefore: 30,
  },

  /** Before each look for what a lost answer was about. A server that was too slow gets some of the same time again, at most the last. */
  lostAnswer: { looksMs: [250, 1_000, 3_000], longestLookMs: 30_000 },

  /** Between two looks whether another process has ended its creation, and after how many of them it is said. */
  otherRun: { lookEveryMs: 250, sayAfterLooks: 4 },

  /** For so long an object of a list is as good as one that is read now. */
  readsGoodForMs: 60_000,

  /** A connector's schema, put to a configuration: far more than any sensible one takes, also on a machine that is busy. */
  specificationMs: 2_000,

  job: {
    /** Between two looks at it, doubled each time. */
    firstLookMs: 250,
    longestLookMs: 5_000,
    /** Between two lines about it. */
    sayEveryMs: 15_000,
    /** For its end, where a change of the connection has to wait for that; and where it was cancelled for the change. */
    endsMs: 2 * 3_600_000,
    cancelledMs: 5 * 60_000,
    /** For the end of a connection's first sync, where nothing is declared. */
    firstSync: "1h",
  },

  host: {
    /** Between two looks at what takes its time to come up, and between two lines about it. */
    lookEveryMs: 5_000,
    sayEveryMs: 15_000,
    /** One command on a machine. */
    commandMs: 60_000,
    /** For a question to a port of this machine. */
    portMs: 1_000,
  },
} as const;

/** The setting that gives a call twice the time that was not enough. */
export function longerThan(limitMs: number): string {
  const { shortest, longest } = requestTimeoutLimits;
  return `requestTimeout ${showDuration(Math.min(Math.max(limitMs * 2, shortest), longest))}`;
}
