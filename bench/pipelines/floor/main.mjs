// The program of the floor: three resources for each pipeline, of which the third depends on the other two.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

Error.prepareStackTrace = undefined; // as in the project's own program: traces by source maps are no cost of Pulumi's engine

const { pipelines, hour } = JSON.parse(readFileSync("declared.json", "utf8"));
const __provider = 'exports.handler=()=>require(process.cwd()+"/provider.cjs")';

class Resource extends pulumi.CustomResource {
  constructor(kind, number, inputs) {
    super(`pulumi-nodejs:dynamic/floor:${kind}`, `${kind}-${number}`, { ...inputs, __provider });
  }
}

for (let number = 1; number <= pipelines; number++) {
  const source = new Resource("Source", number, {
    name: `source-${number}`,
    configuration: { count: 1000, seed: number },
  });
  const destination = new Resource("Destination", number, {
    name: `destination-${number}`,
    configuration: {
      host: "warehouse.example.com",
      port: 5432,
      database: `analytics_${number}`,
      schema: "public",
      username: "airbyte",
      password: pulumi.secret("not-for-you"),
    },
  });
  new Resource("Connection", number, {
    name: `connection-${number}`,
    sourceId: source.id,
    destinationId: destination.id,
    schedule: { scheduleType: "cron", cronExpression: `0 0 ${number === 1 ? hour : 3} * * ?` },
    streams: [
      { name: "users", syncMode: "incremental_append" },
      { name: "purchases", syncMode: "full_refresh_overwrite" },
    ],
  });
}
