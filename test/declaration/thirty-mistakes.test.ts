import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, expect, test } from "vitest";
import { examinePipelines } from "../../declaration/examine.ts";
import { ConfigurationError } from "../../errors/user-error.ts";
import { start } from "../embedded/start.ts";
import { project, values } from "./project.ts";

const stateDir = mkdtempSync(join(tmpdir(), "examined-"));
afterAll(() => {
  rmSync(stateDir, { recursive: true });
});

const right = `
sources:
  app: { connector: postgres, configuration: { host: h, port: 5432, database: d, username: u } }
  sample: { connector: faker, configuration: { count: 10 } }
destinations:
  lake: { connector: postgres, configuration: { host: h, port: 5432, database: d, schema: public, username: u } }
`;

// Each line with "#!" has one mistake, and says what is to be told of it.
const files = {
  "pipelines.yaml": `
${right.trim()}
connections:
  one:
    source: app
    destination: lake
    prefix: one_
    streams:
      - usres #! no stream "usres"; did you mean "users"?
      - { name: orders, syncMode: full_refresh_update } #! syncMode
      - name: users
        syncMode: incremental_deduped_history
        cursorField: updated_att #! no field "updated_att"
        primaryKey: [idd] #! the source itself defines
  two:
    source: sample
    destination: lake
    prefix: two_
    streams:
      - name: users
        selectedFields: [id, emial] #! no field "emial"; did you mean "email"?
      - name: products
        mappers:
          - type: hashing
            mapperConfiguration:
              targetField: modle #! "modle"
              method: SHA-265 #! SHA-256
              fieldNameSuffix: _h
          - type: hashing
            mapperConfiguration:
              targetFild: model #! did you mean
              method: SHA-256
              fieldNameSuffix: _h
  three:
    source: appp #! there is no source "appp"; did you mean "app"?
    destination: lake
    schedule: { every: 15 minutes } #! an hour
  four:
    source: app
    destination: lake
    prefix: four_
    status: paused #! expected one of active, inactive
    schedule:
      cron: "0 6 * * *" #! which is Unix cron
      timeZone: Europe/Berlim #! did you mean "Europe/Berlin"?
    namespaceFormat: raw_\${SOURCE_NAMESPACE} #! custom_format
    streams: [users]
`,
  "pipelines/more.yaml": `
sources:
  a: { connector: postgress, configuration: { host: h } } #! did you mean "postgres"?
  b:
    connector: postgres
    adpot: true #! did you mean "adopt"?
    configuration: #! postgres requires it
      host: h
      port: "5432" #! expected integer
      databse: d #! did you mean \`database\`?
      ssl_mode:
        mode: verify-caa #! verify-ca
  c: { connector: faker, configuration: { count: many } } #! count: expected integer
  d: { connector: faker, configuration: { seed: "\${secret:seed}" } } #! the stack has no secret "seed"
  e:
    connector: faker
    configuration: {}
    resourceAllocation:
      default:
        memory_limit: 2 GB #! memory_limit
        cpu_limit: two #! cpu_limit
  app: { connector: faker } #! is already taken
tags:
  red: { color: crimson } #! color
permissions:
  p: { permissionType: organization_member, userId: 00000000-0000-4000-8000-000000000000 } #! organization
sourceDefinitions:
  erp:
    dockerRepository: "registry.example.com/erp:1.0" #! dockerRepository
    dockerImageTag: 1.10 #! "1.10"
nothing: {} #! unknown key
`,
};

test("thirty mistakes of thirty kinds in two files come in one run, each once, at its line", async () => {
  const { url, clientId, clientSecret, call, workspaceId } = await start();
  const settings = { target: "existing", stateDir, clientId, clientSecret };
  const config = Object.entries(settings).map(([key, value]) => [`${pulumi.getProject()}:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(config) as Record<string, string>);
  const examine = (all: Record<string, string>) =>
    examinePipelines(project(all), "pipelines.yaml", values(), { url, isThere: true });

  // What the connections are between is there already, as it is declared.
  await examine({ "pipelines.yaml": right });
  const login = { host: "h", port: 5432, database: "d", username: "u" };
  const make = (path: string, name: string, configuration: object) =>
    call("POST", path, { name, workspaceId, configuration });
  await make("/sources", "app", { sourceType: "postgres", ...login });
  await make("/sources", "sample", { sourceType: "faker", count: 10 });
  await make("/destinations", "lake", { destinationType: "postgres", schema: "public", ...login });

  const error: unknown = await examine(files).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigurationError);
  const told = (error as ConfigurationError).mistakes;
  const wanted = Object.entries(files).flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => {
      const words = line.split("#! ")[1];
      return words === undefined ? [] : [{ at: `${file}:${index + 1}:`, words }];
    }),
  );
  const missing = wanted.filter(({ at, words }) => !told.some((one) => one.startsWith(at) && one.includes(words)));
  const surplus = told.filter((one) => !wanted.some(({ at, words }) => one.startsWith(at) && one.includes(words)));
  expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
  expect(told).toHaveLength(wanted.length);
  expect(wanted.length).toBeGreaterThanOrEqual(30);
});
