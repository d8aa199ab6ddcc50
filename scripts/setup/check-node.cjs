// The first thing that main.mjs loads. An old Node would stop at the first import of index.ts with
// `Unknown file extension ".ts"`; this says in one sentence what is wrong. Plain enough for Node 12 to parse.
"use strict";

function tooOld(version, range) {
  var needed = /(\d+)\.(\d+)/.exec(range);
  var found = version.split(".").map(Number);
  return found[0] < Number(needed[1]) || (found[0] === Number(needed[1]) && found[1] < Number(needed[2]));
}

var range = require("../../package.json").engines.node;

if (tooOld(process.versions.node, range)) {
  console.error(
    "This program needs Node " +
      range.replace(">=", "") +
      " or newer and was started with Node " +
      process.versions.node +
      ": run `npm start`, which fetches a Node of its own, or install Node 24 (https://nodejs.org).",
  );
  process.exit(1);
}
