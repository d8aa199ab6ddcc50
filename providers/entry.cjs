// The one file that the state of a stack names: every resource's `__provider` text requires it by the package's name,
// so neither its place in `exports` nor what it returns may change. It is plain JavaScript because it must be able to
// say what is wrong on a Node that cannot read TypeScript.
"use strict";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  throw new Error(
    `Airbyte on Pulumi needs Node 22.19 or newer, and this is Node ${process.versions.node}: install Node 24, or use the project's own commands (npm start), which fetch it.`,
  );
}

const { finishWith } = require("./engine-watch.cjs");

module.exports = (kind) => {
  const { dynamicProvider, finish } = require("./dynamic.ts");
  finishWith(finish);
  return dynamicProvider(kind);
};
