// Ends a process of Pulumi's dynamic provider when the engine that started it is gone. An engine that is killed takes no plugin with it, and
// the orphan would go on creating objects that no state will ever know, or idle for ever.
//
// The commands load this by NODE_OPTIONS, so that the watch begins with the process, before Pulumi has called anything; under plain `pulumi`
// it begins with entry.cjs, at the first call. NODE_OPTIONS reaches every Node below the commands, old ones too: to the others this does
// nothing, and it is plain enough for all to parse.
"use strict";

var RECONNECT_MS = 300;

// Shared by all copies of this file in a process: the commands' own, and the one of the package that the program uses.
var key = Symbol.for("airbyte-on-pulumi/engine-watch");
var shared = globalThis[key];
if (!shared) {
  shared = globalThis[key] = { finish: undefined };
  var address = engineOf(process.argv);
  if (address && require("worker_threads").isMainThread) start(address);
}

/** `finish` ends what is under way, so that the journal learns the ids; it resolves when this process may end. */
exports.finishWith = function (finish) {
  shared.finish = finish;
};

/** Where the engine listens: it passes its `host:port` to its plugins as their first argument. */
function engineOf(argv) {
  if (!/[\\/]cmd[\\/]dynamic-provider(?:[\\/]|$)/.test(argv[1] || "")) return undefined;
  return /^(127\.0\.0\.1|localhost):(\d+)$/.exec(argv[2] || "");
}

function start(found) {
  // With the engine goes the reader of our lines. Without a listener, Pulumi's own handler of uncaught errors prints the broken pipe into the
  // broken pipe, without end, and this process never gets to see that the engine is gone.
  [process.stdout, process.stderr].forEach(function (stream) {
    stream.on("error", function () {});
  });
  watch(found[1], Number(found[2]));
}

// An idle connection costs nothing, and closes the moment the engine dies. A living engine may close it too (it waits
// for a greeting in vain), so only a refused reconnection counts.
function watch(host, port) {
  var socket = require("net").connect({ host: host, port: port });
  var refused = false;
  socket.unref();
  socket.on("error", function (error) {
    refused = error.code === "ECONNREFUSED";
  });
  socket.on("close", function () {
    if (refused) end();
    else
      setTimeout(function () {
        watch(host, port);
      }, RECONNECT_MS).unref();
  });
  socket.resume();
}

function end() {
  Promise.resolve(shared.finish && shared.finish()).then(function () {
    process.exit(0);
  });
}
