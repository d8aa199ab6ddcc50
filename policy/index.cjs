// The policy pack. Pulumi loads packs by `require`, and with a TypeScript compiler of its own in between that knows no imports ending in
// .ts; past a dynamic import Node runs the TypeScript itself, as everywhere in this project.
"use strict";

const { PolicyPack } = require("@pulumi/policy");

module.exports = import("./policies.ts").then(({ policies }) => new PolicyPack("airbyte-on-pulumi", { policies }));
