// The provider of the floor: each call that would ask an API waits as long as one would take.
"use strict";
const { randomUUID } = require("node:crypto");
const { setTimeout: delay } = require("node:timers/promises");
const { isDeepStrictEqual } = require("node:util");

const call = () => delay(Number(process.env.FLOOR_LATENCY_MS));

module.exports = {
  check: (olds, news) => ({ inputs: news }),
  diff: (id, olds, news) => ({ changes: !isDeepStrictEqual(olds, news) }),
  create: (inputs) => call().then(() => ({ id: randomUUID(), outs: inputs })),
  read: (id, props) => call().then(() => ({ id, props, inputs: props })),
  update: (id, olds, news) => call().then(() => ({ outs: news })),
  delete: call,
};
