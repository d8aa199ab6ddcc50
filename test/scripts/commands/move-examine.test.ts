import { beforeEach, expect, test } from "vitest";
import type { AirbyteApi } from "../../../providers/airbyte/api/airbyte-api.ts";
import { Connectors } from "../../../providers/airbyte/specification/connectors.ts";
import { checkDefinitions } from "../../../scripts/commands/doctor/server.ts";
import { Report } from "../../../scripts/commands/doctor/report.ts";
import { examineMove } from "../../../scripts/commands/move/obstacles.ts";
import type { Side } from "../../../scripts/commands/move/connections.ts";
import { createSource, start } from "../../embedded/start.ts";
import { write } from "../modules.ts";
import { inOwnFolder, stackAt } from "./move.ts";

beforeEach(inOwnFolder);

async function examine(from: Side, to: Side) {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  const planned = await examineMove(report, from, to, "safe");
  return { planned, text: lines.join("\n"), failures: report.failures };
}

test("connectors and ids that the other Airbyte hasn't got, and secrets that it can't keep, are said together", async () => {
  const [first, other] = [await start(), await start()];
  const { sourceId } = await createSource(first);
  write(
    "pipelines.yaml",
    `
sources: { users: { connector: faker }, odd: { connector: fakr } }
destinations:
  warehouse:
    connector: postgres
    workspaceId: ${first.workspaceId}
    configuration: { host: h, port: 5432, database: d, schema: public, username: u, password: "\${stored}" }
connections: { flow: { source: ${sourceId}, destination: warehouse } }`,
  );
  const { planned, text, failures } = await examine(stackAt(first, "dev"), stackAt(other, "prod"));
  expect(planned).toBeUndefined();
  expect(failures).toEqual(["definitions", "ids", "secrets"]);
  expect(text).toMatch(/sources\.odd\.connector: this Airbyte has no source connector "fakr"; did you mean "faker"/);
  expect(text).toContain(`connections.flow.source: there is no source ${sourceId} there`);
  expect(text).toContain(`destinations.warehouse.workspaceId: there is no workspace ${first.workspaceId} there`);
  expect(text).toContain("destinations.warehouse.configuration.password: is ${stored}, which no other Airbyte has");
});

test("a move into the stack's own workspace is refused, and one into an Airbyte that has it all is planned", async () => {
  const [first, other] = [await start(), await start()];
  write("pipelines.yaml", "sources: { users: { connector: faker, configuration: { count: 1 } } }");
  const own = await examine(stackAt(first, "dev"), stackAt(first, "prod"));
  expect(own.failures).toEqual(["workspace"]);
  expect(own.text).toContain("it is dev's own: everything would be there twice");

  const fine = await examine(stackAt(first, "dev"), stackAt(other, "prod"));
  expect([fine.planned, fine.failures]).toEqual([[], []]);
});

test("connectors of Airbyte Cloud are looked up in the public registry, which knows no connector of one's own", async () => {
  const listDefinitions = () => Promise.resolve([{ id: "1", name: "Faker", dockerRepository: "airbyte/source-faker" }]);
  const connectors = new Connectors({ listDefinitions, getSpecification: () => Promise.resolve(undefined) });
  const cloud = { api: { hasConfigApi: false } as AirbyteApi, connectors };
  const own = { kind: "source", name: "own", definitionId: "2" } as const;
  expect(await checkDefinitions(cloud, "w", [own, { kind: "source", name: "users", connector: "faker" }])).toEqual({
    counts: "1 source connectors, 1 destination connectors",
  });
  const lacking = await checkDefinitions(cloud, "w", [{ kind: "source", name: "files", connector: "local-files" }]);
  expect(lacking).toMatchObject({ found: expect.stringContaining('has no source connector "local-files"') as string });
});
